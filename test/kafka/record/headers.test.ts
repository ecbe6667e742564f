import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientHeader, type HeaderPair, headerPairs, lastValue } from '../../../src/kafka/record/headers.ts';

describe('headers', () => {
  const pairs: HeaderPair[] = [
    ['a', Buffer.from('1')],
    ['__proto__', Buffer.from('x')],
    ['constructor', 'c'],
    ['a', null],
    ['', Buffer.alloc(0)],
  ];

  it('keep their order, repeated names, null values, and any name', () => {
    assert.deepEqual(headerPairs(pairs.map(clientHeader)), pairs);
  });

  it('keep the name that the client makes a prototype of', () => {
    const fromClient = {};
    Object.setPrototypeOf(fromClient, Buffer.from('x'));
    assert.deepEqual(headerPairs([fromClient]), [['__proto__', Buffer.from('x')]]);
    assert.deepEqual(headerPairs([{}]), []);
  });

  it('are found by their own names alone, the last one', () => {
    assert.equal(lastValue(headerPairs([{ x: '1' }, { x: '2' }]), 'x'), '2');
    assert.equal(lastValue(headerPairs([{ x: '1' }]), 'toString'), undefined);
  });
});

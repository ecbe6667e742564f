import assert from 'node:assert/strict';
import { test } from 'node:test';
import { circleOf } from '../../../src/lab/crash-test/system-facts.ts';

const service = (reads: string[], writes: string[]) => ({ command: ['x'], reads, writes });

test('topics that lead back to themselves are named, by the shortest way', () => {
  const services = { a: service(['in'], ['mid']), b: service(['mid', 'retry'], ['out', 'retry']), c: service(['out'], ['in']) };
  assert.deepEqual(circleOf({ services }), ['retry', 'retry']);
  assert.deepEqual(circleOf({ services: { a: services.a, c: service(['mid'], ['in']) } }), ['in', 'mid', 'in']);
});

test('a chain is no circle', () => {
  assert.equal(circleOf({ services: { a: service(['in'], ['mid']), b: service(['mid'], ['out']) } }), undefined);
});

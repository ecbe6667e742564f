import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { recordJson, recordLines } from '../../src/kafka/show-record.ts';

const record = (changes: Partial<Message>): Message => ({
  topic: 't',
  partition: 1,
  offset: 5,
  key: Buffer.from('k'),
  value: Buffer.from('v'),
  size: 1,
  timestamp: 0,
  ...changes,
});

describe('a record as text', () => {
  it('stays on its line and out of the terminal', () => {
    const [line] = recordLines(record({ value: Buffer.from('a\nb\u001b[31m\u2028') }), false);
    assert.equal(line, '1  5  1970-01-01T00:00:00.000Z  k  a\\u000ab\\u001b[31m\\u2028');
  });

  it('shows bytes that are no text, tombstones and missing keys', () => {
    assert.deepEqual(recordLines(record({ key: null, value: null, timestamp: -1 }), false), ['1  5  -  -  (null)']);
    assert.equal(recordJson(record({ value: Buffer.from([255, 0]) })).value, 'base64:/wA=');
    assert.equal(recordJson(record({ value: null })).value, null);
  });

  it('shows headers below, each of equal names', () => {
    const lines = recordLines(record({ headers: [{ h: Buffer.from('1') }, { h: '2' }] }), true);
    assert.deepEqual(lines.slice(1), ['    h: 1', '    h: 2']);
  });

  it('parses JSON for programs', () => {
    assert.deepEqual(recordJson(record({ value: Buffer.from('{"a":1}') })).value, { a: 1 });
    assert.equal(recordJson(record({ value: Buffer.from('{a') })).value, '{a');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { stringifyExact } from '../../../src/kafka/record/exact-json.ts';
import { plainRecord, recordJson, recordLines } from '../../../src/kafka/record/show-record.ts';

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

  it('escapes what turns the direction of reading', () => {
    const [line] = recordLines(record({ key: Buffer.from('a\u202eb\ufeff') }), false);
    assert.match(line ?? '', / a\\u202eb\\ufeff /);
  });

  it('says what a value is: JSON, text, bytes, or none', () => {
    const is = (value: Buffer | null): string => stringifyExact(recordJson(record({ value }))).replace(/.*"valueIs":/, '');
    assert.equal(is(Buffer.from('null')), '"json","value":null}');
    assert.equal(is(null), '"none","value":null}');
    assert.equal(is(Buffer.from('"x"')), '"json","value":"x"}');
    assert.equal(is(Buffer.from('x')), '"text","value":"x"}');
    assert.equal(is(Buffer.from('base64:/w==')), '"text","value":"base64:/w=="}');
    assert.equal(is(Buffer.from([255])), '"base64","value":"base64:/w=="}');
    assert.equal(is(Buffer.from('{"a":9007199254740993,"d":1,"d":2}')), '"json","value":{"a":9007199254740993,"d":1,"d":2}}');
    assert.deepEqual(plainRecord(record({ value: Buffer.from('{"a":1}') })).value, { a: 1 });
  });

  it('shows a time that is no date as the number that it is', () => {
    assert.equal(recordJson(record({ timestamp: 1_700_000_000_000_000_000 })).time, '1700000000000000000');
    assert.equal(recordJson(record({ timestamp: 8.64e15 })).time, '+275760-09-13T00:00:00.000Z');
  });

  it('shows a header that is null, and any name', () => {
    const headers = [JSON.parse('{"__proto__":"x"}'), { n: null as never }];
    assert.deepEqual(recordLines(record({ headers }), true).slice(1), ['    __proto__: x', '    n: (null)']);
  });
});

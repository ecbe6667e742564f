import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message, MessageHeader } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { deadLetter } from '../../../src/kafka/dead-letters/build-letter.ts';
import { deadLetterInfo, redrivenFromHeader, redrivesHeader } from '../../../src/kafka/dead-letters/read-letter-headers.ts';
import { headerPairs } from '../../../src/kafka/record/headers.ts';
import { redrive } from '../../../src/kafka/redrive/redriven-letter.ts';

const original = (changes: Partial<Message> = {}): Message => ({
  topic: 'orders',
  partition: 2,
  offset: 17,
  key: Buffer.from('k'),
  value: Buffer.from('{garbage'),
  size: 8,
  timestamp: 1_700_000_000_000,
  headers: [{ own: Buffer.from([1, 255]) }, { own: Buffer.from('2') }],
  ...changes,
});

/** The record as it lies in the dead-letter topic. */
const dead = (record: Message): Message => {
  const {
    topic,
    partition,
    headers = [],
    key,
    value,
    timestamp,
  } = deadLetter(record, { reason: 'bad-json', message: 'no' }, 'g', new Date(0));
  return { ...record, topic, partition: partition ?? 0, offset: 3, key, value, headers, ...(timestamp === undefined ? {} : { timestamp }) };
};

const sent = (record: Message, maxRedrives = 3) => {
  const result = redrive(record, maxRedrives, new Date(0));
  assert.ok(result.kind === 'send-back');
  return result.output;
};

describe('a redrive', () => {
  it('sends the record as it was, with a count', () => {
    const output = sent(dead(original()));
    assert.deepEqual(output, {
      topic: 'orders',
      partition: null,
      key: Buffer.from('k'),
      value: Buffer.from('{garbage'),
      headers: [{ own: Buffer.from([1, 255]) }, { own: Buffer.from('2') }, { [redrivesHeader]: '1' }, { [redrivenFromHeader]: '0:3' }],
      timestamp: 1_700_000_000_000,
    });
  });

  it('leaves a tombstone a tombstone and a record without a key in its partition', () => {
    const output = sent(dead(original({ key: null, value: null })));
    assert.equal(output.value, null);
    assert.equal(output.key, null);
    assert.equal(output.partition, 2);
  });

  it('counts on, and ends at the cap', () => {
    const again = (record: Message): Message => dead(original({ headers: sent(record).headers as MessageHeader[] }));
    const third = again(again(dead(original())));
    assert.equal(deadLetterInfo(third).redrives, 2);
    assert.equal(deadLetterInfo(third).before, '0:3');
    assert.equal(sent(third).headers?.filter((header) => redrivesHeader in header).length, 1);
  });

  it('parks a letter beyond the cap, whole, and does not park it again', () => {
    const letter = dead(original({ headers: [{ [redrivesHeader]: '3' }] }));
    const result = redrive(letter, 3, new Date(0));
    assert.ok(result.kind === 'park');
    const { topic, partition, key, value, headers, timestamp } = result.output;
    assert.deepEqual([topic, partition, key, value, timestamp], ['orders.dlq.parked', 0, letter.key, letter.value, letter.timestamp]);
    const since = { '__replayground.parked.at': '1970-01-01T00:00:00.000Z' };
    assert.deepEqual(headers, [...(letter.headers ?? []), { '__replayground.parked.letter': '0:3' }, since]);
    const parked = { ...letter, topic, headers: headers as MessageHeader[] };
    assert.equal(deadLetterInfo(parked).parkedFrom, '0:3');
    assert.deepEqual(redrive(parked, 3, new Date(0)), { kind: 'leave-out', why: 'it was sent back 3 times already' });
    assert.deepEqual(sent(parked, 4).headers, [{ [redrivesHeader]: '4' }, { [redrivenFromHeader]: '0:3' }]);
  });

  it('keeps any header of the record, those named like ours too', () => {
    const own = [JSON.parse('{"__proto__":"x"}'), { '__replayground.errors.topic': 'claimed' }, { 'kafka_dlt-original-topic': 'claimed' }];
    const output = sent(dead(original({ headers: own })));
    assert.equal(output.topic, 'orders');
    assert.deepEqual(headerPairs(output.headers).slice(0, -2), headerPairs(own));
  });

  it('is refused where no header says where to', () => {
    assert.deepEqual(redrive(original(), 3, new Date(0)), { kind: 'leave-out', why: 'no header says which topic it comes from' });
  });

  it('knows why and where from', () => {
    const { topic, partition, offset, reason, message, group, at } = deadLetterInfo(dead(original()));
    assert.deepEqual(
      [topic, partition, offset, reason, message, group, at],
      ['orders', 2, 17, 'bad-json', 'no', 'g', '1970-01-01T00:00:00.000Z'],
    );
  });
});

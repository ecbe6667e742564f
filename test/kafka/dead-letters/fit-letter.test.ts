import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { deadLetter } from '../../../src/kafka/dead-letters/build-letter.ts';
import { conceded } from '../../../src/kafka/dead-letters/fit-letter.ts';
import { deadLetterInfo } from '../../../src/kafka/dead-letters/read-letter-headers.ts';
import { headerPairs } from '../../../src/kafka/record/headers.ts';
import type { Output } from '../../../src/kafka/record/output.ts';
import { redrive } from '../../../src/kafka/redrive/redriven-letter.ts';

const letter = (changes: Partial<Message> = {}, message = 'no'): Output => {
  const record = { topic: 'orders', partition: 2, offset: 17, key: Buffer.from('k'), value: Buffer.from('v'), size: 1, timestamp: 5 };
  return deadLetter({ ...record, ...changes }, { reason: 'oversized', message }, 'g', new Date(0));
};
const asRecord = (output: Output): Message => ({ ...output, partition: 0, offset: 3, size: 0, headers: output.headers ?? [] }) as Message;
const tooLarge = 10;
const now = 1_700_000_000_000;

describe('a dead letter that is too large', () => {
  it('is cut step by step, and keeps key, headers, size, digest, place and reason', () => {
    const value = Buffer.from('0123456789'.repeat(2_000_000));
    let outputs: Output[] = [letter({ value, headers: [{ own: Buffer.from('1') }] })];
    for (const most of [16 * 1024 * 1024, 1_000_000, 60_000, 4000]) {
      outputs = conceded(outputs, tooLarge, now) as Output[];
      const [cut] = outputs as [Output];
      assert.ok((cut.value?.length ?? 0) <= most && (cut.value?.length ?? 0) > most * 0.9, String(cut.value?.length));
      assert.ok(value.subarray(0, cut.value?.length).equals(cut.value as Buffer));
      assert.deepEqual([String(cut.key), headerPairs(cut.headers)[0]], ['k', ['own', Buffer.from('1')]]);
      const info = deadLetterInfo(asRecord(cut));
      assert.deepEqual(info.cut, { size: value.length, sha256: createHash('sha256').update(value).digest('hex'), lost: 'value' });
      assert.deepEqual([info.topic, info.partition, info.offset, info.reason, info.message], ['orders', 2, 17, 'oversized', 'no']);
    }
    outputs = conceded(outputs, tooLarge, now) as Output[];
    assert.equal(deadLetterInfo(asRecord(outputs[0] as Output)).cut?.lost, 'value, key, headers');
    assert.equal(conceded(outputs, tooLarge, now), undefined);
  });

  it('is not cut for another one, and nothing else is', () => {
    const small = letter();
    const decision: Output = { topic: 'inventory', partition: 0, key: null, value: Buffer.alloc(30_000_000) };
    const after = conceded([small, decision, letter({ value: Buffer.alloc(20_000_000) })], tooLarge, now) as Output[];
    assert.equal(after[0], small);
    assert.equal(after[1], decision);
    assert.equal(conceded([decision], tooLarge, now), undefined);
  });

  it('may be so by its key, its headers, or by a reason that quotes the record', () => {
    const [byKey] = conceded([letter({ key: Buffer.alloc(20_000_000), value: null })], tooLarge, now) as [Output];
    assert.deepEqual([byKey.key, byKey.value, deadLetterInfo(asRecord(byKey)).cut?.lost], [null, null, 'key']);
    const [byHeaders] = conceded([letter({ headers: [{ h: Buffer.alloc(20_000_000) }] })], tooLarge, now) as [Output];
    assert.equal(deadLetterInfo(asRecord(byHeaders)).cut?.lost, 'headers');
    assert.ok((deadLetterInfo(asRecord(letter({}, 'x'.repeat(1_000_000)))).message?.length ?? 0) < 1100);
  });

  it('is not sent back: it is not the record', () => {
    const [cut] = conceded([letter({ value: Buffer.alloc(20_000_000) })], tooLarge, now) as [Output];
    const why = 'it is not whole (value was cut): the record is orders/2 offset 17';
    assert.deepEqual(redrive(asRecord(cut), 3, new Date(0)), { kind: 'leave-out', why });
  });
});

describe('a dead letter whose time is refused', () => {
  it('gets the time of now, says its own, and gets it back when it is sent back', () => {
    const ahead = now + 2 * 3_600_000;
    const usual = letter({ timestamp: now });
    const [odd, other] = conceded([letter({ timestamp: ahead }), usual], 32, now) as [Output, Output];
    assert.equal(other, usual);
    assert.equal(odd.timestamp, undefined);
    assert.equal(deadLetterInfo(asRecord(odd)).recordTime, String(ahead));
    const back = redrive(asRecord({ ...odd, timestamp: now }), 3, new Date(0));
    assert.ok(back.kind === 'send-back');
    assert.equal(back.output.timestamp, ahead);
    assert.equal((conceded([odd, usual], 32, now) as Output[])[1]?.timestamp, undefined);
    assert.equal(conceded([odd], 32, now), undefined);
  });

  it('is what it was for any other error', () => assert.equal(conceded([letter()], -185, now), undefined));
});

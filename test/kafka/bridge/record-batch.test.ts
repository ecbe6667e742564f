/** Reader and writer of a batch's memory against each other: both hold the same layout. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BatchWriter } from '../../../src/kafka/bridge/batch-writer.ts';
import { received } from '../../support/bridge.ts';

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const nullable = fc.option(bytes, { nil: null });
const record = fc.record({
  topic: fc.nat(3),
  partition: fc.option(fc.nat(1000), { nil: null }),
  key: nullable,
  value: nullable,
  headers: fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 20 }), nullable), { maxLength: 5 }),
  timestamp: fc.nat(),
});

describe('a batch of records', () => {
  it('gives back what was written, whatever it was, also by a writer that is used again', () => {
    const writer = new BatchWriter();
    fc.assert(
      fc.property(fc.array(record, { maxLength: 40 }), (records) => {
        writer.clear();
        for (const one of records) writer.write(one);
        const batch = received(writer, ['a', 'b', 'c', 'd']);
        assert.equal(batch.count, records.length);
        for (const [i, { topic, partition, key, value, headers, timestamp }] of records.entries()) {
          assert.equal(batch.topic(i), 'abcd'[topic]);
          assert.equal(batch.partition(i), partition ?? -1);
          assert.deepEqual(batch.key(i), key);
          assert.deepEqual(batch.value(i), value);
          assert.equal(batch.size(i), (key?.length ?? 0) + (value?.length ?? 0));
          assert.equal(batch.timestamp(i), timestamp);
          assert.deepEqual(
            batch.headers(i),
            headers.map(([name, bytes]) => [name.toWellFormed(), bytes]),
          );
        }
        const everything = records.flatMap(({ key, value, headers }) => [
          key,
          value,
          ...headers.flatMap(([name, bytes]) => [Buffer.from(name), bytes]),
        ]);
        const ascii = everything.every((part) => part === null || part.every((byte) => byte < 128));
        // The lengths within headers are bytes as well.
        if (!ascii) assert.equal(batch.ascii, false);
      }),
      { numRuns: 200 },
    );
  });

  it('holds many records and large ones', () => {
    const writer = new BatchWriter();
    const large = Buffer.alloc(3_000_000, 'x');
    for (let i = 0; i < 5000; i++) writer.write({ topic: 0, partition: 0, key: String(i), value: i === 2500 ? large : 'v' });
    const batch = received(writer, ['a', 'b', 'c', 'd']);
    assert.equal(batch.count, 5000);
    assert.equal(batch.key(4999)?.toString(), '4999');
    assert.deepEqual(batch.value(2500), large);
    assert.equal(batch.value(2501)?.toString(), 'v');
    assert.equal(batch.ascii, true);
  });
});

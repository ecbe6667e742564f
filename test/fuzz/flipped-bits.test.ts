/**
 * Property-based: whatever codec wrote a batch, whatever it holds, and whichever bit of it flips on the disk, no reader hands out something
 * else as what was written, nor what stands behind it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BridgeConsumer } from '../../src/kafka/bridge/bridge-consumer.ts';
import { isUnreadable } from '../../src/kafka/stalls/unreadable.ts';
import { breakBatch, segmentFolder } from '../support/break-batch.ts';
import { limits, readAllBatches, readerConfig } from '../support/bridge.ts';
import { createTopic, readAll } from '../support/kafka.ts';
import { codecs, orderRecord, produceAll } from '../support/produce.ts';
import { until } from '../support/until.ts';
import { fuzzRuns, fuzzScale } from './runs.ts';

const flipsPerCodec = 4 * fuzzScale;

/** Bytes that look like anything, a head of a batch too: runs of one byte, some long. */
const bytes = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(0, 1, 2, 9, 255), fc.nat(255)), fc.integer({ min: 1, max: 300 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((runs) => Buffer.concat(runs.map(([byte, length]) => Buffer.alloc(length, byte))));

test('a flipped bit is noticed, in a batch of every codec', async (t) => {
  const count = codecs.length * flipsPerCodec;
  const topic = await createTopic('flipped', count);
  const values = fc.sample(bytes, { ...fuzzRuns(1), numRuns: count });
  for (const [index, codec] of codecs.entries()) {
    const records = Array.from({ length: flipsPerCodec }, (_, flip) => {
      const partition = index * flipsPerCodec + flip;
      return [orderRecord(`${partition}`), { key: 'bytes', value: values[partition] as Buffer }].map((one) => ({ ...one, partition }));
    });
    await produceAll(topic, records.flat(), codec);
    await produceAll(
      topic,
      records.flatMap(([order]) => (order ? [order] : [])),
      codec,
    );
  }
  assert.equal((await readAll(topic)).length, 3 * count);
  let read = 0;
  await readAllBatches(topic, count, (batch) => (read += batch.count));
  assert.equal(read, 3 * count, 'every codec can be read');

  const folder = await segmentFolder(topic, 0);
  const flips = fc.sample(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { ...fuzzRuns(1), numRuns: count });
  for (const [partition, flip] of flips.entries()) breakBatch(folder.replace(/-0$/, `-${partition}`), { flip });
  t.diagnostic(`FUZZ_SEED=${fuzzRuns(1).seed}`);

  const places = Array.from({ length: count }, (_, partition) => ({ topic, partition, offset: 0 }));
  await using consumer = new BridgeConsumer(readerConfig());
  await consumer.assign(places);
  const told = new Set<number>();
  await until(
    async () => {
      const batch = await consumer.consume(limits);
      assert.equal(batch.count, 0);
      for (const { partition, code } of batch.errors) {
        assert.ok(isUnreadable(code), String(code));
        told.add(partition);
      }
      return told.size === count;
    },
    { what: 'every partition is told of' },
  );
});

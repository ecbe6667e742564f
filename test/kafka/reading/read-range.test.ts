import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { readRange } from '../../../src/kafka/reading/read-range.ts';
import { connectReader, readUpTo } from '../../../src/kafka/reading/read-to-end.ts';
import { follow } from '../../../src/kafka/reading/tail-topic.ts';
import { breakBatch, segmentFolder } from '../../support/break-batch.ts';
import { createTopic } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { testSettings } from '../../support/settings.ts';

/** Three good records, a batch that cannot be opened at offset 3, and one more. */
async function brokenTopic(): Promise<string> {
  const topic = await createTopic('broken', 1);
  for (let i = 0; i < 5; i++) await produceAll(topic, [{ key: `k${i}`, value: 'x'.repeat(200), partition: 0 }], 'none');
  breakBatch(await segmentFolder(topic, 0), { batch: 3 });
  return topic;
}

describe('what stands before a batch that cannot be opened', () => {
  type Read = (topic: string, to: number, onRecord: (record: Message) => boolean) => Promise<unknown>;
  const connect = () => connectReader(clientConfig(testSettings(), 'before-broken-test'));
  const reads: Record<string, Read> = {
    'a stretch': async (topic, to, onRecord) => {
      await using reader = await connect();
      return await readRange(reader, [{ topic, partition: 0, from: 0, to }], onRecord, AbortSignal.timeout(60_000));
    },
    'the end': async (topic, to, onRecord) => {
      await using reader = await connect();
      return await readUpTo(reader, [{ topic, partition: 0, from: 0, to }], (batch) => void batch.copies().every(onRecord));
    },
    'what comes': async (topic, to, onRecord) => {
      await using reader = await connect();
      const starts = [{ topic, partition: 0, offset: 0 }];
      await follow(reader, starts, (record) => onRecord(record) && record.offset < to - 1, AbortSignal.timeout(60_000));
    },
  };

  for (const [name, read] of Object.entries(reads)) {
    it(`is given first to who reads ${name}, and the error tells the place`, async () => {
      const topic = await brokenTopic();
      const offsets: number[] = [];
      const take = ({ offset }: Message): boolean => offsets.push(offset) > 0;
      await assert.rejects(read(topic, 5, take), (error: Error) => {
        assert.match(error.message, new RegExp(`${topic}/0.* offset 3`));
        return true;
      });
      assert.deepEqual(offsets, [0, 1, 2]);
    });

    it(`is all, and no error, for who reads ${name} no further`, async () => {
      const topic = await brokenTopic();
      const offsets: number[] = [];
      await read(topic, 3, ({ offset }) => offsets.push(offset) > 0);
      assert.deepEqual(offsets, [0, 1, 2]);
    });
  }
});

describe('reading a stretch', () => {
  it('gives every record up to the end, again and again', async () => {
    const topic = await createTopic('stretch', 3);
    await produceAll(topic, orderRecords('o', 60));
    await using reader = await connectReader(clientConfig(testSettings(), 'read-range-test'));
    const ranges = [0, 1, 2].map((partition) => ({ topic, partition, from: 0, to: 1000 }));
    for (let round = 0; round < 5; round++) {
      let seen = 0;
      const all = await readRange(reader, ranges, () => ++seen > 0, new AbortController().signal);
      assert.deepEqual([all, seen], [true, 60]);
    }
  });

  it('stops before its own end', async () => {
    const topic = await createTopic('stretch', 1);
    await produceAll(topic, orderRecords('o', 60));
    await using reader = await connectReader(clientConfig(testSettings(), 'read-range-test'));
    const offsets: number[] = [];
    await readRange(
      reader,
      [{ topic, partition: 0, from: 10, to: 13 }],
      ({ offset }) => offsets.push(offset) > 0,
      new AbortController().signal,
    );
    assert.deepEqual(offsets, [10, 11, 12]);
  });
});

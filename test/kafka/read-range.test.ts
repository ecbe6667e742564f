import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clientConfig } from '../../src/kafka/client-config.ts';
import { readRange } from '../../src/kafka/read-range.ts';
import { connectReader } from '../../src/kafka/read-to-end.ts';
import { createTopic } from '../support/kafka.ts';
import { orderRecords, produceAll } from '../support/produce.ts';
import { testSettings } from '../support/settings.ts';

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

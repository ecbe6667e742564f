import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { connectForTimes, readRecordTimes } from '../../../src/kafka/reading/record-times.ts';
import { createTopic } from '../../support/kafka.ts';
import { orderRecords, produceAll } from '../../support/produce.ts';
import { testSettings } from '../../support/settings.ts';

test('the next record of every partition has its time, however much waits behind it', async () => {
  const partitions = [0, 1, 2, 3, 4, 5];
  const topic = await createTopic('times', partitions.length);
  const beginMs = Date.parse('2026-01-05T10:00:00Z');
  const records = partitions.flatMap((partition) =>
    orderRecords(`p${partition}`, 3000, { note: 'x'.repeat(200) }).map((one, offset) => ({
      ...one,
      partition,
      timestamp: beginMs + partition * 1e6 + offset,
    })),
  );
  await produceAll(topic, records);
  await using reader = await connectForTimes(clientConfig(testSettings(), 'test'));
  for (const offset of [0, 700]) {
    const times = await readRecordTimes(
      reader,
      partitions.map((partition) => ({ topic, partition, offset })),
    );
    assert.deepEqual(
      times.sort((a, b) => a.partition - b.partition).map(({ partition, atMs }) => [partition, atMs]),
      partitions.map((partition) => [partition, beginMs + partition * 1e6 + offset]),
      `from offset ${offset}`,
    );
  }
});

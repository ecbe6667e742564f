/** A batch that cannot be opened, where the client takes a part of its bytes for the next batch and steps over it. */
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { clientConfig } from '../../../src/kafka/client/client-config.ts';
import { partitionKey } from '../../../src/kafka/partition.ts';
import { connectReader, readToEnd } from '../../../src/kafka/reading/read-to-end.ts';
import type { PassedOver } from '../../../src/kafka/stalls/unreadable.ts';
import { breakBatch, segmentFolder } from '../../support/break-batch.ts';
import { createTopic } from '../../support/kafka.ts';
import { produceAll } from '../../support/produce.ts';
import { testSettings } from '../../support/settings.ts';

/** Where the client goes on reading lies so near the end of the batch; there, an offset of 0 and a version that it does not know. */
const ends = Array.from({ length: 16 }, (_, index) => 8 * (index + 1));
const misleading = (end: number): Buffer => Buffer.concat([Buffer.alloc(1000 - end), Buffer.alloc(end, 9)]);

it('is not stepped over: what follows in its partition is not handed out', async () => {
  const topic = await createTopic('broken', ends.length);
  const inEach = (textFor: (end: number) => Buffer | string) =>
    produceAll(
      topic,
      ends.map((end, partition) => ({ key: 'k', value: textFor(end), partition })),
      'none',
    );
  for (const textFor of [misleading, () => 'good', () => 'good']) await inEach(textFor);
  const first = await segmentFolder(topic, 0);
  for (const partition of ends.keys()) breakBatch(join(dirname(first), `${topic}-${partition}`));
  await using reader = await connectReader({ ...clientConfig(testSettings(), 'broken-test'), 'client.id': 'broken-test' });
  const starts = ends.map((_, partition) => ({ topic, partition, offset: 0 }));
  await reader.assign(starts);
  const broken = new Set<string>();
  while (broken.size < ends.length) {
    const records = await reader.consume({ maxRecords: 1000, maxBytes: 1_000_000, withinMs: 1000 });
    for (const error of records.errors) broken.add(partitionKey(error));
    assert.deepEqual(records.nextOffsets(), []);
    const left = starts.filter((start) => !broken.has(partitionKey(start)));
    if (records.errors.length > 0) await reader.assign(left);
    records.release();
  }

  const seen: string[] = [];
  const passedOver: PassedOver[] = [];
  const take = (records: Message[]) => seen.push(...records.map(({ partition, offset }) => `${partition}/${offset}`));
  await readToEnd(reader, starts, take, { onPassedOver: (one) => passedOver.push(one) });
  assert.deepEqual(seen.toSorted(), starts.flatMap(({ partition }) => [`${partition}/1`, `${partition}/2`]).toSorted());
  assert.deepEqual(
    passedOver.map(({ partition, offset, to }) => ({ partition, offset, to })).toSorted((a, b) => a.partition - b.partition),
    ends.map((_, partition) => ({ partition, offset: 0, to: 1 })),
  );
});

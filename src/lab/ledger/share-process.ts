/** The process that reads a share: gets its task as a message, reports, and ends with its parent. */

import { toErrorMessage } from '../../kafka/errors.ts';
import type { Partition } from '../../kafka/partition.ts';
import { connectReader, readUpTo } from '../../kafka/read-to-end.ts';
import { deadLetterTopic } from '../../kafka/side-topics.ts';
import { LedgerBooks } from './books.ts';
import type { ShareReport, ShareTask } from './share.ts';

const reportEvery = 5000;
/** Held ready for a reader that does nothing but read: enough that it never waits for the broker. */
const bulk = { 'queued.max.messages.kbytes': 65_536, 'fetch.message.max.bytes': 1_048_576 };

const report = (message: ShareReport): unknown => process.send?.(message);

process.on('disconnect', () => process.exit());
process.on('message', async (task: ShareTask) => {
  try {
    await read(task);
  } catch (error) {
    report({ error: toErrorMessage(error) });
  }
});

async function read({ config, topics, expected, ranges, folder }: ShareTask): Promise<void> {
  using books = new LedgerBooks(topics, expected, folder);
  await using reader = await connectReader({ ...config, ...bulk, 'client.id': 'lab-ledger' });
  const ends = new Map(ranges.map((range) => [range.topic, [] as number[]]));
  for (const { topic, partition, to } of ranges) (ends.get(topic) as number[])[partition] = to;
  const endOf = ({ topic, partition }: Partition): number => ends.get(topic)?.[partition] ?? 0;
  let count = 0;
  let reported = 0;
  const letters = deadLetterTopic(topics.orders);
  await readUpTo(reader, ranges, (records) => {
    for (let i = 0; i < records.count; i += 1) {
      const place = { topic: records.topic(i), partition: records.partition(i), offset: records.offset(i) };
      // What came after the ends were asked for may be about records that nobody reads: a decision on an order of this moment.
      if (place.offset >= endOf(place)) continue;
      // Only what a letter is about is in its headers.
      if (place.topic === letters) books.add(records.copyOf(i));
      else books.add({ ...place, key: records.key(i), value: records.value(i) });
    }
    count += records.count;
    if (count - reported < reportEvery) return;
    reported = count;
    report({ read: count });
  });
  report({ tally: books.handOver() });
}

/** Reads given stretches of partitions and no further, for people who look for something: control records and open transactions end it too. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { BridgeConsumer } from '../bridge/bridge-consumer.ts';
import { partitionKey, type Range } from '../partition.ts';
import { unread } from './read-to-end.ts';

const limits = { maxRecords: 500, maxBytes: 4 * 1024 * 1024, withinMs: 100, untilEnd: true };

/**
 * @param consumer see `connectReader`
 * @param ranges at most one per partition
 * @param onRecord gets the records in the order of each partition; `false` ends its partition
 * @param signal ends it early
 * @returns whether all was read that was asked for
 * @throws ReplaygroundError `kafka-error` where something cannot be read
 */
export async function readRange(
  consumer: BridgeConsumer,
  ranges: readonly Range[],
  onRecord: (record: Message) => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const open = new Map(ranges.filter(({ from, to }) => from < to).map((range) => [partitionKey(range), range]));
  const at = new Map([...open].map(([key, { from }]) => [key, from]));
  await consumer.assign([...open.values()].map(({ topic, partition, from }) => ({ topic, partition, offset: from })));
  while (open.size > 0 && !signal.aborted) {
    const records = await consumer.consume(limits);
    for (const { topic, partition, offset } of records.nextOffsets()) at.set(partitionKey({ topic, partition }), offset);
    for (let i = 0; i < records.count; i += 1) {
      const key = partitionKey({ topic: records.topic(i), partition: records.partition(i) });
      const range = open.get(key);
      if (!range) continue;
      const offset = records.offset(i);
      if (offset >= range.to || !onRecord(records.copyOf(i)) || offset === range.to - 1) open.delete(key);
    }
    for (const error of records.errors) {
      const key = partitionKey(error);
      // Of a partition that is read as far as was asked for, it does not matter.
      if (open.has(key) || !at.has(key)) throw unread(error, at.get(key) ?? 0);
    }
    for (const end of records.ends) open.delete(partitionKey(end));
    records.release();
  }
  await consumer.unassign();
  return open.size === 0;
}

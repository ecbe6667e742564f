/** Reads given stretches of partitions and no further, for people who look for something: control records and open transactions end it too. */

import type { KafkaConsumer, Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ask } from './ask.ts';
import { type Partition, partitionKey } from './partition.ts';

/** `from` is read, `to` is not. */
export type Range = { topic: string; partition: number; from: number; to: number };

const chunkRecords = 500;
const waitMs = 100;
const marginMs = 10_000;

/**
 * @param consumer see `connectReader`
 * @param ranges at most one per partition
 * @param onRecord gets the records in the order of each partition; `false` ends its partition
 * @param signal ends it early
 * @returns whether all was read that was asked for
 */
export async function readRange(
  consumer: KafkaConsumer,
  ranges: readonly Range[],
  onRecord: (record: Message) => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const open = new Map(ranges.filter(({ from, to }) => from < to).map((range) => [partitionKey(range), range]));
  // The client tells the ends of a chunk before it hands over the chunk's records: they count after those.
  const ended = new Set<string>();
  const onEnd = (end: Partition): void => void ended.add(partitionKey(end));
  consumer.on('partition.eof', onEnd);
  consumer.setDefaultConsumeTimeout(waitMs);
  consumer.assign([...open.values()].map(({ topic, partition, from }) => ({ topic, partition, offset: from })));
  while (open.size > 0 && !signal.aborted) {
    const records = await ask<Message[]>('read records', waitMs + chunkRecords + marginMs, (callback) =>
      consumer.consume(chunkRecords, callback),
    );
    for (const record of records) {
      const range = open.get(partitionKey(record));
      if (range && (record.offset >= range.to || !onRecord(record) || record.offset === range.to - 1)) open.delete(partitionKey(record));
    }
    for (const key of ended) open.delete(key);
  }
  consumer.unassign();
  consumer.off('partition.eof', onEnd);
  return open.size === 0;
}

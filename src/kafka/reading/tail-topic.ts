/** Reads a topic for people: its last records, up to its end, or on and on. */
import type { Message, TopicPartitionOffset } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { BridgeConsumer } from '../bridge/bridge-consumer.ts';
import { partitionKey } from '../partition.ts';
import { readToEnd, unread } from './read-to-end.ts';

const limits = { maxRecords: 500, maxBytes: 4 * 1024 * 1024, withinMs: 100, untilEnd: true };

/** @returns whether to go on */
export type OnRecord = (record: Message) => boolean;

/**
 * Reads on until `onRecord` says stop or the signal comes.
 * @param consumer see `connectReader`
 * @param starts where to begin in each partition
 * @throws ReplaygroundError `kafka-error` where something cannot be read, behind the records before it
 */
export async function follow(
  consumer: BridgeConsumer,
  starts: TopicPartitionOffset[],
  onRecord: OnRecord,
  signal: AbortSignal,
): Promise<void> {
  const at = new Map(starts.map((start) => [partitionKey(start), start.offset]));
  await consumer.assign(starts);
  while (!signal.aborted) {
    const records = await consumer.consume(limits);
    for (const position of records.nextOffsets()) at.set(partitionKey(position), position.offset);
    for (let i = 0; i < records.count; i += 1) if (!onRecord(records.copyOf(i))) return;
    // What could be read before it is shown first.
    for (const error of records.errors) throw unread(error, at.get(partitionKey(error)) ?? 0);
    records.release();
  }
}

/** What is known of a partition before its last records are read. */
export type Bounds = { topic: string; partition: number; earliest: number; latest: number };

/**
 * Control records and records that are not wanted take offsets too, so the window grows until it holds enough.
 * @param consumer see `connectReader`
 * @param bounds the partitions
 * @param count how many
 * @param isWanted which records count
 * @returns the last so many over all partitions, by time
 */
export async function lastRecords(
  consumer: BridgeConsumer,
  bounds: readonly Bounds[],
  count: number,
  isWanted: (record: Message) => boolean,
): Promise<Message[]> {
  for (let window = count; ; window *= 8) {
    const found: Message[][] = [];
    for (const { topic, partition, earliest, latest } of bounds) {
      const start = { topic, partition, offset: Math.max(earliest, latest - window) };
      const records: Message[] = [];
      await readToEnd(consumer, [start], (chunk) => {
        for (const record of chunk) if (isWanted(record)) records.push(record);
        if (records.length > count) records.splice(0, records.length - count);
      });
      found.push(records);
    }
    const isEnough = bounds.every(({ earliest, latest }, index) => latest - window <= earliest || (found[index]?.length ?? 0) >= count);
    if (isEnough) return found.flat().sort(byTime).slice(-count);
  }
}

const byTime = (a: Message, b: Message): number =>
  (a.timestamp ?? 0) - (b.timestamp ?? 0) || a.partition - b.partition || a.offset - b.offset;

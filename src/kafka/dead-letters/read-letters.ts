/** Reads dead-letter topics: all letters, those that wait for a redrive, or a single one. */
import type { Message, TopicPartitionOffset } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { BridgeConsumer } from '../bridge/bridge-consumer.ts';
import type { ClientConfig } from '../client/connect.ts';
import type { KafkaInspector } from '../groups/inspector.ts';
import type { Range } from '../partition.ts';
import { partitionKey } from '../partition.ts';
import { readRange } from '../reading/read-range.ts';
import { connectReader, readToEnd } from '../reading/read-to-end.ts';

export type Kafka = { inspector: KafkaInspector; config: ClientConfig };

/** Its commits in a dead-letter topic say up to where everything was sent back. */
export const redriveGroup = 'replayground-redrive';

export type DeadLetters = { records: Message[] /** Where the next letter will be, per partition. */; ends: TopicPartitionOffset[] };

/**
 * @param clients how to reach Kafka
 * @param topics dead-letter topics; one that does not exist is left out
 * @param from `redriven`: only what came after the last redrive of everything
 * @returns the letters, in the order of each partition
 */
export async function readDeadLetters(
  { inspector, config }: Kafka,
  topics: readonly string[],
  from: 'beginning' | 'redriven',
): Promise<DeadLetters> {
  const partitions = await inspector.ask('partitionsOf', topics);
  const redriven = from === 'redriven' ? await inspector.ask('committed', redriveGroup, false) : [];
  const starts = partitions.map(({ topic, partition }) => ({
    topic,
    partition,
    offset: redriven.find((one) => one.topic === topic && one.partition === partition)?.offset ?? 0,
  }));
  await using reader = await connectReader({ ...config, 'client.id': 'lab-dlq' });
  const records: Message[] = [];
  const positions = await readToEnd(reader, starts, (chunk) => {
    for (const record of chunk) records.push(record);
  });
  const ends = starts.map(({ topic, partition, offset }) => ({
    topic,
    partition,
    offset: positions.get(`${topic}/${partition}`) ?? offset,
  }));
  return { records, ends };
}

/** How far back a first look goes for each letter that is wanted: control records take offsets too. */
const leastWindow = 50;
const windowGrowth = 8;

export type NewestLetters = { records: Message[] /** Whether these are all there are. */; complete: boolean };

/**
 * Reads from the ends backwards, no further than is asked for.
 * @param topics dead-letter topics; one that does not exist is left out
 * @param limit how many of each partition
 * @returns the newest, in the order of each partition
 */
export async function newestLetters({ inspector, config }: Kafka, topics: readonly string[], limit: number): Promise<NewestLetters> {
  const partitions = await inspector.ask('partitionsOf', topics);
  const [lows, ends] = await Promise.all([
    inspector.ask('offsets', partitions, 'earliest'),
    inspector.ask('offsets', partitions, 'latest'),
  ]);
  await using reader = await connectReader({ ...config, 'client.id': 'lab-dlq' });
  const left = partitions.map((one, index) => ({ ...one, low: lows[index]?.offset ?? 0, to: ends[index]?.offset ?? 0 }));
  const found = new Map(partitions.map((one) => [partitionKey(one), [] as Message[]]));
  for (let window = limit + leastWindow; ; window *= windowGrowth) {
    const open = left.filter((one) => one.to > one.low && (found.get(partitionKey(one))?.length ?? 0) < limit);
    if (open.length === 0) break;
    const stretches = open.map(({ topic, partition, low, to }): Range => ({ topic, partition, from: Math.max(low, to - window), to }));
    for (const [key, records] of byPartition(await recordsIn(reader, stretches))) found.set(key, [...records, ...(found.get(key) ?? [])]);
    for (const [index, one] of open.entries()) one.to = stretches[index]?.from ?? one.low;
  }
  const records = [...found.values()].flatMap((all) => all.slice(-limit));
  return { records, complete: left.every(({ low, to }) => to <= low) && [...found.values()].every((all) => all.length <= limit) };
}

/** Offsets this near to each other are read in one go. */
const nearby = 200;

/**
 * @param topic a dead-letter topic
 * @param names `partition:offset`
 * @returns those that are there, by their names; nothing else is read but what lies between near ones
 */
export async function lettersAt({ inspector, config }: Kafka, topic: string, names: readonly string[]): Promise<Map<string, Message>> {
  const ends = await inspector.ask('offsets', await inspector.ask('partitionsOf', [topic]), 'latest');
  await using reader = await connectReader({ ...config, 'client.id': 'lab-dlq' });
  const places = names
    .map((name) => name.split(':').map(Number) as [number, number])
    .filter(([partition, offset]) => offset < (ends.find((one) => one.partition === partition)?.offset ?? 0))
    .sort(([p, a], [q, b]) => p - q || a - b);
  const ranges: Range[] = [];
  for (const [partition, offset] of places) {
    const last = ranges.at(-1);
    if (last && last.partition === partition && offset < last.to + nearby) last.to = offset + 1;
    else ranges.push({ topic, partition, from: offset, to: offset + 1 });
  }
  const wanted = new Set(names);
  const found = new Map<string, Message>();
  // A range at a time: the reader takes one of a partition.
  for (const range of ranges) {
    for (const record of await recordsIn(reader, [range])) {
      const name = `${record.partition}:${record.offset}`;
      if (wanted.has(name)) found.set(name, record);
    }
  }
  return found;
}

async function recordsIn(client: BridgeConsumer, ranges: readonly Range[]): Promise<Message[]> {
  const records: Message[] = [];
  await readRange(client, ranges, (record) => records.push(record) > 0, AbortSignal.timeout(readMs));
  return records;
}

/** A person waits (ms). */
const readMs = 30_000;

const byPartition = (records: readonly Message[]): Map<string, Message[]> => Map.groupBy(records, partitionKey);

/** Reads dead-letter topics: all letters, those that wait for a redrive, or a single one. */
import type { Message, TopicPartitionOffset } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { ClientConfig } from './connect.ts';
import type { KafkaInspector } from './inspector.ts';
import { connectReader, readToEnd } from './read-to-end.ts';

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
  { inspector, config }: { inspector: KafkaInspector; config: ClientConfig },
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
  const positions = await readToEnd(reader.client, starts, (chunk) => {
    for (const record of chunk) records.push(record);
  });
  const ends = starts.map(({ topic, partition, offset }) => ({
    topic,
    partition,
    offset: positions.get(`${topic}/${partition}`) ?? offset,
  }));
  return { records, ends };
}

/** Reads partitions up to the end they have now, with a reader that commits nothing and joins no group. */

import type { KafkaConsumer, Message, TopicPartitionOffset, WatermarkOffsets } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ReplaygroundError } from '../errors.ts';
import { ask } from './ask.ts';
import { type ClientConfig, type Connected, connectConsumer, prefetch } from './connect.ts';
import { type Partition, partitionKey } from './partition.ts';
import type { Range } from './read-range.ts';

const chunkRecords = 1000;
const waitMs = 200;
const marginMs = 10_000;
/** Longer than any transaction of ours may stay open: what is still not readable then will not become so by waiting. */
const noProgressMs = 60_000;

/**
 * @param config librdkafka's configuration; its `client.id` names the reader
 * @returns a reader of committed records that joins no group
 */
export const connectReader = (config: ClientConfig): Promise<Connected<KafkaConsumer>> =>
  connectConsumer({
    'group.id': `${config['client.id']}-reader`,
    'enable.auto.commit': false,
    'enable.partition.eof': true,
    'isolation.level': 'read_committed',
    'auto.offset.reset': 'earliest',
    ...prefetch,
    ...config,
  });

/**
 * A client that only asks where logs end: for it, the end is the high watermark. For a reader of committed records the client
 * answers with the last stable offset instead (measured, 1.10.1), which lies before a transaction that is still open.
 * @param config librdkafka's configuration; its `client.id` names the client
 */
export const connectForWatermarks = (config: ClientConfig): Promise<Connected<KafkaConsumer>> =>
  connectReader({ ...config, 'isolation.level': 'read_uncommitted' });

/**
 * @param consumer decides which end is meant: see `connectForWatermarks`
 * @param timeoutMs how long the broker may take (ms)
 * @returns first offset and end of a partition, asked from the broker
 */
export const watermarks = (consumer: KafkaConsumer, { topic, partition }: Partition, timeoutMs = marginMs): Promise<WatermarkOffsets> =>
  ask(`ask for the end of ${topic}/${partition}`, timeoutMs + marginMs, (callback) =>
    consumer.queryWatermarkOffsets(topic, partition, timeoutMs, callback),
  );

/**
 * Reads from the given offsets up to the ends of the moment of the call.
 * @param consumer a reader, see `connectReader`
 * @param starts where to begin; an offset before the first record means the first
 * @param onRecords called with records in the order of each partition
 * @param askEnds where the ends are asked. By default the reader itself: a transaction that is open there is left out. With
 *   `connectForWatermarks` it is waited for.
 * @returns the next offset after what was read, by `partitionKey`: at least the end
 * @throws ReplaygroundError `read-stalled` when nothing comes for a minute
 */
export async function readToEnd(
  consumer: KafkaConsumer,
  starts: TopicPartitionOffset[],
  onRecords: (records: Message[]) => void,
  askEnds: KafkaConsumer = consumer,
): Promise<Map<string, number>> {
  const ranges: Range[] = [];
  for (const { topic, partition, offset } of starts) {
    const { lowOffset, highOffset } = await watermarks(askEnds, { topic, partition });
    ranges.push({ topic, partition, from: Math.max(offset, lowOffset), to: highOffset });
  }
  return await readUpTo(consumer, ranges, onRecords);
}

/**
 * Reads up to ends that are known already; transactions that are open before an end are waited for.
 * @param consumer a reader, see `connectReader`
 * @param ranges at most one per partition
 * @param onRecords called with records in the order of each partition, also with some from behind the ends
 * @returns the next offset after what was read, by `partitionKey`: at least `to`
 * @throws ReplaygroundError `read-stalled` when nothing comes for a minute
 */
export async function readUpTo(
  consumer: KafkaConsumer,
  ranges: readonly Range[],
  onRecords: (records: Message[]) => void,
): Promise<Map<string, number>> {
  const positions = new Map(ranges.map((range) => [partitionKey(range), range.from]));
  const open = ranges.filter(({ from, to }) => from < to);
  const advance = (key: string, offset: number) => positions.set(key, Math.max(offset, positions.get(key) ?? 0));
  const onEnd = (end: TopicPartitionOffset) => advance(partitionKey(end), end.offset);
  consumer.on('partition.eof', onEnd);
  consumer.setDefaultConsumeTimeout(waitMs);
  consumer.assign(open.map(({ topic, partition, from }) => ({ topic, partition, offset: from })));
  let lastProgress = Date.now();
  const isDone = () => open.every((range) => (positions.get(partitionKey(range)) ?? 0) >= range.to);
  while (!isDone()) {
    const records = await ask<Message[]>('read records', waitMs + chunkRecords + marginMs, (callback) =>
      consumer.consume(chunkRecords, callback),
    );
    for (const record of records) advance(partitionKey(record), record.offset + 1);
    if (records.length > 0) {
      lastProgress = Date.now();
      onRecords(records);
    } else if (Date.now() - lastProgress > noProgressMs) {
      throw new ReplaygroundError('read-stalled', `nothing more to read from ${open.map(partitionKey).join(', ')} for ${noProgressMs} ms`, {
        retriable: true,
      });
    }
  }
  consumer.unassign();
  consumer.off('partition.eof', onEnd);
  return positions;
}

/** When the next records of some partitions were written: the age of what a group has not read yet. */
import type { TopicPartitionOffset } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { BridgeConsumer } from '../bridge/bridge-consumer.ts';
import type { ClientConfig } from '../client/connect.ts';
import type { Partition } from '../partition.ts';
import { readRange } from './read-range.ts';
import { connectReader } from './read-to-end.ts';

/** `atMs` is the record's own timestamp (ms since 1970). */
export type RecordTime = Partition & { atMs: number };

const lookMs = 1500;

/**
 * @param config librdkafka's configuration, see `clientConfig`
 * @returns a consumer that fetches little, for `readRecordTimes`
 * @throws ReplaygroundError `kafka-unreachable`
 */
export const connectForTimes = (config: ClientConfig): Promise<BridgeConsumer> =>
  connectReader({
    ...config,
    'client.id': 'lab-ages',
    'fetch.message.max.bytes': 16_384,
    'queued.min.messages': 1,
    'queued.max.messages.kbytes': 512,
    'fetch.wait.max.ms': 50,
  });

/**
 * One call at a time for a consumer.
 * @returns the times of the first records at or after these offsets; what cannot be read within 1.5 s, or has no time, is left out
 */
export async function readRecordTimes(
  client: BridgeConsumer,
  positions: readonly TopicPartitionOffset[],
  signal?: AbortSignal,
): Promise<RecordTime[]> {
  const times: RecordTime[] = [];
  const ranges = positions.map(({ topic, partition, offset }) => ({ topic, partition, from: offset, to: Number.POSITIVE_INFINITY }));
  const late = AbortSignal.timeout(lookMs);
  await readRange(
    client,
    ranges,
    ({ topic, partition, timestamp }) => {
      if (timestamp !== undefined && timestamp >= 0) times.push({ topic, partition, atMs: timestamp });
      return false;
    },
    signal === undefined ? late : AbortSignal.any([signal, late]),
  );
  return times;
}

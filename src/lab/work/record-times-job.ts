/** When the next records of some partitions were written: the age of what a group has not read yet. */
import type { TopicPartitionOffset } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { type Connected, connectConsumer } from '../../kafka/connect.ts';
import { readRange } from '../../kafka/read-range.ts';
import type { JobContext } from './job.ts';

export type RecordTime = { topic: string; partition: number; atMs: number };

const lookMs = 1500;
type Reader = Awaited<ReturnType<typeof connectConsumer>>;
let connecting: Promise<Reader> | undefined;
let queue: Promise<unknown> = Promise.resolve();

/** @returns the times of the first records at or after these offsets; what cannot be read in time is left out */
export function nextRecordTimes({ config, signal }: JobContext, positions: readonly TopicPartitionOffset[]): Promise<RecordTime[]> {
  // One consumer, kept for the life of the worker: it is asked every few seconds.
  const result = queue.then(async () => {
    connecting ??= connectConsumer({
      ...config,
      'client.id': 'lab-ages',
      'group.id': 'lab-ages-reader',
      'enable.auto.commit': false,
      'enable.partition.eof': true,
      'isolation.level': 'read_committed',
      'auto.offset.reset': 'earliest',
      'fetch.message.max.bytes': 16_384,
      'queued.min.messages': 1,
      'queued.max.messages.kbytes': 512,
      'fetch.wait.max.ms': 50,
    });
    connecting.catch(() => (connecting = undefined));
    return lookUp((await connecting).client, positions, AbortSignal.any([signal, AbortSignal.timeout(lookMs)]));
  });
  queue = result.catch(() => {});
  return result;
}

async function lookUp(
  client: Connected<Reader['client']>['client'],
  positions: readonly TopicPartitionOffset[],
  signal: AbortSignal,
): Promise<RecordTime[]> {
  const times: RecordTime[] = [];
  const ranges = positions.map(({ topic, partition, offset }) => ({ topic, partition, from: offset, to: Number.POSITIVE_INFINITY }));
  await readRange(
    client,
    ranges,
    ({ topic, partition, timestamp }) => {
      if (timestamp !== undefined && timestamp >= 0) times.push({ topic, partition, atMs: timestamp });
      return false;
    },
    signal,
  );
  return times;
}

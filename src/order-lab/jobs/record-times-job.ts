/** Record times by one consumer that is kept for the life of the worker: it is asked every few seconds. */
import type { TopicPartitionOffset } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { connectForTimes, type RecordTime, readRecordTimes } from '../../kafka/reading/record-times.ts';
import type { JobContext } from './job-context.ts';

let connecting: ReturnType<typeof connectForTimes> | undefined;
let queue: Promise<unknown> = Promise.resolve();

/** @returns the times of the first records at or after these offsets; what cannot be read in time is left out */
export function nextRecordTimes({ config, signal }: JobContext, positions: readonly TopicPartitionOffset[]): Promise<RecordTime[]> {
  const result = queue.then(async () => {
    connecting ??= connectForTimes(config);
    connecting.catch(() => (connecting = undefined));
    return await readRecordTimes(await connecting, positions, signal);
  });
  queue = result.catch(() => {});
  return result;
}

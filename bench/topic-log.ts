/** What the benchmarks ask about a topic: where it ends for a read_committed reader, and what stands in it. */
import kafka from '@confluentinc/kafka-javascript';
import type { IAdminClient, ListOffsetsResult, Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ask } from '../src/kafka/admin/with-deadline.ts';
import { connectReader, readToEnd } from '../src/kafka/reading/read-to-end.ts';
import type { Position } from './progress.ts';

/** Partitions of every topic measured, where nothing else is said. */
export const partitionCount = 3;

const deadlineMs = 15_000;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, partition) => partition);

/** @returns per partition, the offset up to which a read_committed reader sees the topic (its last stable offset) */
export async function committedEnds(admin: IAdminClient, topic: string, partitions = partitionCount): Promise<Position[]> {
  const asked = numbers(partitions).map((partition) => ({ topic, partition, offset: kafka.OffsetSpec.LATEST }));
  const isolationLevel = kafka.IsolationLevel.READ_COMMITTED;
  const answer = await ask<ListOffsetsResult[]>(`list the ends of ${topic}`, deadlineMs, (callback) =>
    admin.listOffsets(asked, { timeout: deadlineMs, isolationLevel }, callback),
  );
  return numbers(partitions).map((partition) => {
    const offset = answer.find((result) => result.partition === partition)?.offset ?? 0;
    return { topic, partition, offset };
  });
}

/**
 * Reads a topic as a read_committed reader does, from its beginning to its end as it is now.
 * @param onRecord called for each record, in order within its partition
 */
export async function readCommitted(
  brokers: string,
  topic: string,
  onRecord: (record: Message) => void,
  partitions = partitionCount,
): Promise<void> {
  await using reader = await connectReader({
    'bootstrap.servers': brokers,
    'client.id': 'bench-reader',
    'queued.max.messages.kbytes': 32_768,
  });
  const starts = numbers(partitions).map((partition) => ({ topic, partition, offset: 0 }));
  await readToEnd(reader, starts, (records) => records.forEach(onRecord));
}

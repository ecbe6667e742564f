/** Where the logs of partitions begin and end, and which record was the first at a time. */

import type { IAdminClient, ListOffsetsResult, OffsetSpec, TopicDescription } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ask } from '../admin/with-deadline.ts';
import { kafka } from '../client/client.ts';
import { type Partition, partitionKey } from '../partition.ts';
import type { OffsetAnswer, OffsetAt } from './inspector.ts';

const timeoutMs = 5000;
const deadlineMs = 8000;

/** What Kafka allows as a topic's name; the client refuses to ask for another, and for one twice. */
const topicName = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/;

/** @returns the partitions of those of the topics that exist */
export async function partitionsOf(admin: IAdminClient, names: readonly string[]): Promise<Partition[]> {
  const topics = [...new Set(names)].filter((name) => topicName.test(name));
  if (topics.length === 0) return [];
  const descriptions = await ask<TopicDescription[]>('describe the topics', deadlineMs, (callback) =>
    admin.describeTopics(topics, { timeout: timeoutMs }, callback),
  );
  return descriptions.flatMap(({ name, partitions }) => partitions.map(({ partition }) => ({ topic: name, partition })));
}

/**
 * @param admin an admin client
 * @param partitions which partitions
 * @param at which offset of each
 * @returns one answer per partition; an offset of -1 for a time after the last record
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline` where nothing could be asked at all
 */
export async function readOffsets(admin: IAdminClient, partitions: readonly Partition[], at: OffsetAt): Promise<OffsetAnswer[]> {
  if (partitions.length === 0) return [];
  const answers = await listOffsets(admin, partitions, at);
  if (answers.every(({ error }) => error === undefined)) return answers;
  // After a broker was killed the client goes on asking with the leader epoch that it knew, for minutes, and is refused (1.10.1):
  // describing the topics makes it learn the new one.
  await partitionsOf(admin, [...new Set(partitions.map(({ topic }) => topic))]);
  return await listOffsets(admin, partitions, at);
}

async function listOffsets(admin: IAdminClient, partitions: readonly Partition[], at: OffsetAt): Promise<OffsetAnswer[]> {
  const wanted = partitions.map(({ topic, partition }) => ({ topic, partition, offset: offsetSpec(at) }));
  const answers = await ask<ListOffsetsResult[]>('read the offsets of the log', deadlineMs, (callback) =>
    admin.listOffsets(wanted, { timeout: timeoutMs, isolationLevel: isolationOf(at) }, callback),
  );
  const byId = new Map(answers.map((answer) => [partitionKey(answer), answer]));
  return partitions.map(({ topic, partition }) => {
    const answer = byId.get(partitionKey({ topic, partition }));
    const error = errorOf(answer);
    return { topic, partition, offset: error === undefined ? answer?.offset : undefined, error };
  });
}

/** Where the broker goes away meanwhile, the client says no error but leaves the offset at -1001 (1.10.1). */
function errorOf(answer: ListOffsetsResult | undefined): string | undefined {
  if (!answer) return 'no answer';
  return answer.error?.message ?? (answer.offset < -1 ? 'the broker did not answer' : undefined);
}

/** Below 0 Kafka means no times but places of its own, -1 the end among them: a time before 1970 is before every record. */
function offsetSpec(at: OffsetAt): OffsetSpec {
  if (at === 'earliest' || (typeof at === 'number' && at < 0)) return kafka.OffsetSpec.EARLIEST;
  return typeof at === 'string' ? kafka.OffsetSpec.LATEST : new kafka.OffsetSpec(at);
}

/** For readers of committed records the end is the last stable offset. */
const isolationOf = (at: OffsetAt): number =>
  at === 'stable' ? kafka.IsolationLevel.READ_COMMITTED : kafka.IsolationLevel.READ_UNCOMMITTED;

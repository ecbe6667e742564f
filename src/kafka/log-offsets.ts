/** Offsets as the broker knows them: what a group has committed, where a log begins and ends, which record was first at a time. */
import kafka from '@confluentinc/kafka-javascript';
import type {
  GroupResults,
  IAdminClient,
  ListOffsetsResult,
  OffsetSpec,
  TopicDescription,
} from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ask, kafkaError } from './ask.ts';
import type { Partition } from './lag.ts';

/** An offset, or why there is none. */
export type OffsetAnswer = Partition & { offset: number | undefined; error: string | undefined };

/** Which offset of a partition: its first, its end, or the first at or after a time (ms since 1970). */
export type OffsetAt = 'earliest' | 'latest' | number;

const timeoutMs = 5000;
const deadlineMs = 8000;
const partitionId = ({ topic, partition }: Partition): string => `${topic}/${partition}`;

/**
 * @param admin an admin client
 * @param group name of the group
 * @param requireStable whether to wait for transactions of the group that are under way (KIP-447)
 * @returns the partitions with a commit
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`
 */
export async function readCommitted(
  admin: IAdminClient,
  group: string,
  requireStable = false,
): Promise<(Partition & { offset: number })[]> {
  const what = `read the committed offsets of ${group}`;
  const results = await ask<GroupResults[]>(what, deadlineMs, (callback) =>
    admin.listConsumerGroupOffsets([{ groupId: group }], { timeout: timeoutMs, requireStableOffsets: requireStable }, callback),
  );
  for (const { error, partitions } of results) {
    const wrong = error ?? partitions.find((one) => one.error)?.error;
    if (wrong) throw kafkaError(what, wrong);
  }
  return results.flatMap(({ partitions }) =>
    partitions.filter(({ offset }) => offset >= 0).map(({ topic, partition, offset }) => ({ topic, partition, offset })),
  );
}

/** @returns the partitions of those of the topics that exist */
export async function partitionsOf(admin: IAdminClient, topics: readonly string[]): Promise<Partition[]> {
  if (topics.length === 0) return [];
  const descriptions = await ask<TopicDescription[]>('describe the topics', deadlineMs, (callback) =>
    admin.describeTopics([...topics], { timeout: timeoutMs }, callback),
  );
  return descriptions.flatMap(({ name, partitions }) => partitions.map(({ partition }) => ({ topic: name, partition })));
}

/**
 * @param admin an admin client
 * @param partitions which partitions
 * @param at which offset of each
 * @param isolation `committed`: the latest is the last stable offset, not the high watermark
 * @returns one answer per partition; an offset of -1 for a time after the last record
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline` where nothing could be asked at all
 */
export async function readOffsets(
  admin: IAdminClient,
  partitions: readonly Partition[],
  at: OffsetAt,
  isolation: 'uncommitted' | 'committed' = 'uncommitted',
): Promise<OffsetAnswer[]> {
  if (partitions.length === 0) return [];
  const wanted = partitions.map(({ topic, partition }) => ({ topic, partition, offset: offsetSpec(at) }));
  const answers = await ask<ListOffsetsResult[]>('read the offsets of the log', deadlineMs, (callback) =>
    admin.listOffsets(wanted, { timeout: timeoutMs, isolationLevel: isolation === 'committed' ? 1 : 0 }, callback),
  );
  const byId = new Map(answers.map((answer) => [partitionId(answer), answer]));
  return partitions.map(({ topic, partition }) => {
    const answer = byId.get(partitionId({ topic, partition }));
    const error = answer ? answer.error?.message : 'no answer';
    return { topic, partition, offset: error === undefined ? answer?.offset : undefined, error };
  });
}

function offsetSpec(at: OffsetAt): OffsetSpec {
  if (at === 'earliest') return kafka.OffsetSpec.EARLIEST;
  return at === 'latest' ? kafka.OffsetSpec.LATEST : new kafka.OffsetSpec(at);
}

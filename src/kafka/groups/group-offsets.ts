/** A consumer group as its coordinator knows it: members and commits. */

import type {
  DeleteGroupsResult,
  GroupDescription,
  GroupDescriptions,
  GroupResults,
  IAdminClient,
} from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ask, kafkaError } from '../admin/with-deadline.ts';
import { ReplaygroundError } from '../errors.ts';
import { byPartition, type Partition } from '../partition.ts';

const timeoutMs = 5000;
const deadlineMs = 8000;

/**
 * May crash the process: see `KafkaInspector`.
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`, `bad-group-name`
 */
export async function describeGroup(admin: IAdminClient, group: string): Promise<GroupDescription> {
  const what = `describe the group ${requireGroupName(group)}`;
  const { groups } = await ask<GroupDescriptions>(what, deadlineMs, (callback) =>
    admin.describeGroups([group], { timeout: timeoutMs }, callback),
  );
  const [description] = groups;
  if (!description || description.error) throw kafkaError(what, description?.error ?? new Error('no answer'));
  return description;
}

/**
 * @param admin an admin client
 * @param group name of the group
 * @param requireStable whether to wait for transactions of the group that are under way (KIP-447)
 * @returns the partitions with a commit, by topic and partition
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`, `bad-group-name`
 */
export async function readCommitted(
  admin: IAdminClient,
  group: string,
  requireStable: boolean,
): Promise<(Partition & { offset: number })[]> {
  const what = `read the committed offsets of ${requireGroupName(group)}`;
  const results = await ask<GroupResults[]>(what, deadlineMs, (callback) =>
    admin.listConsumerGroupOffsets([{ groupId: group }], { timeout: timeoutMs, requireStableOffsets: requireStable }, callback),
  );
  for (const { error, partitions } of results) {
    const wrong = error ?? partitions.find((one) => one.error)?.error;
    if (wrong) throw kafkaError(what, wrong);
  }
  return results
    .flatMap(({ partitions }) => partitions)
    .filter(({ offset }) => offset >= 0)
    .map(({ topic, partition, offset }) => ({ topic, partition, offset }))
    .sort(byPartition);
}

/**
 * Removes all commits of a group without members; nothing happens where there is no such group.
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`, `bad-group-name`
 */
export async function deleteGroup(admin: IAdminClient, group: string): Promise<void> {
  const what = `delete the commits of ${requireGroupName(group)}`;
  const [result] = await ask<DeleteGroupsResult[]>(what, deadlineMs, (callback) =>
    admin.deleteGroups([group], { timeout: timeoutMs }, callback),
  );
  if (result?.error && result.error.code !== groupIdNotFound) throw kafkaError(what, result.error);
}

const groupIdNotFound = 69;

/** The client would cut the name at a NUL character, and ask about another group. */
function requireGroupName(group: string): string {
  if (group !== '' && !group.includes('\0')) return group;
  throw new ReplaygroundError('bad-group-name', `${JSON.stringify(group)} is no name of a group: it is empty, or holds a NUL character`);
}

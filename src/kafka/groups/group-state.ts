/** What the broker says about a consumer group: its state, its members, and how far it is in every partition. */

import type { GroupDescription } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { isSamePartition, type Partition, partitionKey } from '../partition.ts';
import type { KafkaInspector, OffsetAnswer } from './inspector.ts';
import type { PartitionState } from './lag.ts';

/** Names as Kafka's tools print them, by the client's numbers. */
const groupStates = ['Unknown', 'PreparingRebalance', 'CompletingRebalance', 'Stable', 'Dead', 'Empty'] as const;
/** `Reconciling` is a group of type `Consumer` in which partitions are to be moved (KIP-848). */
export type GroupStateName = (typeof groupStates)[number] | 'Reconciling';

const dead = groupStates.indexOf('Dead');

/** Types as Kafka's tools print them, by the client's numbers: which protocol the group goes by. Others than these two the client does not know. */
const groupTypes = ['Unknown', 'Consumer', 'Classic'] as const;
export type GroupTypeName = (typeof groupTypes)[number];

export type GroupMember = { consumerId: string; host: string; clientId: string; partitions: Partition[] };

export type GroupState = {
  group: string;
  /** `Dead` for a group that does not exist. */
  state: GroupStateName;
  type: GroupTypeName;
  assignor: string;
  coordinator: { id: number; host: string; port: number } | undefined;
  members: GroupMember[];
  partitions: PartitionState[];
  /** When the ends were known (ms since 1970). */
  atMs: number;
};

/**
 * Asks for the committed offsets first and for the ends second, so that a lag is never negative by the order of asking.
 * Groups whose topics are known are the pipeline's: where they have committed nothing they begin at the beginning.
 * @param inspector how to ask
 * @param group name of the group, existing or not
 * @param knownTopics topics that the group should read: their partitions are shown without a commit too
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`; a single partition that cannot be read does not count, it has an `error`
 */
export async function readGroup(inspector: KafkaInspector, group: string, knownTopics: readonly string[] = []): Promise<GroupState> {
  const [committed, description] = await Promise.all([
    inspector.ask('committed', group, false),
    // Without the members lag can still be shown.
    inspector.ask('describeGroup', group).catch(() => undefined),
  ]);
  const members = (description?.members ?? []).map(groupMember);
  const assigned = members.flatMap(({ partitions }) => partitions);
  const topics = [...new Set([...knownTopics, ...[...committed, ...assigned].map(({ topic }) => topic)])];
  const all = new Map<string, Partition>();
  for (const one of [...(await inspector.ask('partitionsOf', topics)), ...committed, ...assigned]) all.set(partitionKey(one), one);
  const [ends, beginnings] = await Promise.all([
    inspector.ask('offsets', [...all.values()], 'latest'),
    inspector.ask('offsets', [...all.values()], 'earliest'),
  ]);
  return {
    group,
    state: stateName(description),
    type: typeName(description),
    assignor: description?.partitionAssignor ?? '',
    coordinator: description?.coordinator,
    members,
    partitions: ends.map((end) => stateOf(end, committed, beginnings, members, knownTopics)),
    atMs: Date.now(),
  };
}

/**
 * @returns the state of a group, `Dead` where it does not exist
 * @throws ReplaygroundError `kafka-error`
 */
export const readGroupState = async (inspector: KafkaInspector, group: string): Promise<GroupStateName> =>
  stateName(await inspector.ask('describeGroup', group));

/**
 * The client has no names for the states `Assigning` and `Reconciling` of the new protocol (librdkafka 2.15): both are told as the second.
 * @returns the state; `Unknown` where nothing was told
 */
export function stateName(description: GroupDescription | undefined): GroupStateName {
  const known = groupStates[description?.state ?? 0] ?? 'Unknown';
  return known === 'Unknown' && typeName(description) === 'Consumer' ? 'Reconciling' : known;
}

/** @returns the type; `Unknown` where nothing was told, and for a group that does not exist */
export const typeName = (description: GroupDescription | undefined): GroupTypeName =>
  groupTypes[description?.state === dead ? 0 : (description?.type ?? 0)] ?? 'Unknown';

/** @returns the member with what it owns */
export const groupMember = ({ memberId, clientHost, clientId, assignment }: GroupDescription['members'][number]): GroupMember => ({
  consumerId: memberId,
  host: clientHost,
  clientId,
  partitions: assignment.topicPartitions.map(({ topic, partition }) => ({ topic, partition })),
});

function stateOf(
  { topic, partition, offset, error }: OffsetAnswer,
  committed: readonly (Partition & { offset: number })[],
  beginnings: readonly OffsetAnswer[],
  members: GroupMember[],
  knownTopics: readonly string[],
): PartitionState {
  const is = (one: Partition): boolean => isSamePartition(one, { topic, partition });
  const commit = committed.find(is)?.offset;
  const first = beginnings.find(is)?.offset;
  return {
    topic,
    partition,
    committed: commit,
    start: commit === undefined && knownTopics.includes(topic) ? first : undefined,
    first,
    end: offset,
    owner: members.find(({ partitions }) => partitions.some(is)),
    error,
  };
}

/** When the lag of a group is gone, for `./lab lag`: by what the running lab has measured, or by looks of its own; by one rule. */
import type { GroupState } from '../../kafka/groups/group-state.ts';
import { groupLag } from '../../kafka/groups/lag.ts';
import { isSamePartition, partitionKey } from '../../kafka/partition.ts';
import { type Moment, type WhenGone, whenGone } from '../../lab/watch/forecast/when-gone.ts';
import { findLab } from '../client/lab-client.ts';
import type { GroupView } from '../wire/all.ts';

export type Gone = Pick<WhenGone, 'sec' | 'text'>;

/** @returns by group, what the lab of this home tells its page; nothing where none runs */
export async function toldByLab(labHome: string): Promise<Map<string, GroupView>> {
  const lab = await findLab(labHome);
  const groups = (await lab?.groups().catch(() => undefined)) ?? [];
  return new Map(groups.map((view) => [view.group, view]));
}

/**
 * @param now the group
 * @param before looks of the last seconds, oldest first
 */
export function goneOf(now: GroupState, before: readonly GroupState[]): WhenGone {
  const { members, state } = now;
  const isSettled = state !== 'PreparingRebalance' && state !== 'CompletingRebalance';
  return whenGone({
    // What was read by others says nothing about who reads now.
    moments: [...before.slice(before.findLastIndex((one) => owners(one) !== owners(now)) + 1), now].map(momentOf),
    readerOf: (id) => members.find(({ partitions }) => partitions.some((one) => partitionKey(one) === id))?.clientId,
    halted: members.length === 0 ? 'nobody reads' : isSettled ? undefined : 'rebalancing',
  });
}

const owners = ({ members, partitions }: GroupState): string =>
  partitions.map((one) => members.find((member) => member.partitions.some((own) => isSamePartition(own, one)))?.consumerId ?? '').join();

const momentOf = ({ atMs, partitions }: GroupState): Moment => ({
  atMs,
  partitions: partitions.map((one) => ({
    id: partitionKey(one),
    next: one.committed ?? one.start ?? null,
    end: one.end ?? null,
    lag: groupLag(one) ?? null,
  })),
});

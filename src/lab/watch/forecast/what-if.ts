/** Who would read what with another number of instances, by the rules of the group's assignor, and when the lag would be gone. Pure. */
import { byPartition, type Partition, partitionKey } from '../../../kafka/partition.ts';
import type { GroupView, Snapshot } from '../../wire/all.ts';
import { count, duration, number } from '../verdict/group-verdict.ts';
import { capacityOf, readersOf } from './capacity.ts';
import { momentOf } from './group-outlook.ts';

export type Member = { name: string; partitions: readonly Partition[] };

/**
 * @param assignor as Kafka calls it: `range`, `roundrobin`, `uniform`; what is neither keeps what it can, as `uniform` and the sticky ones do
 * @param members who would be there, with what they read now
 * @param partitions of all topics that the group reads
 * @returns who would read what
 */
export function assign(assignor: string, members: readonly Member[], partitions: readonly Partition[]): Member[] {
  // Members are ordered by their ids, which begin with the names of their clients.
  const inOrder = members.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const sorted = partitions.toSorted(byPartition);
  if (inOrder.length === 0) return [];
  if (assignor === 'range') return byRange(inOrder, sorted);
  if (assignor === 'roundrobin')
    return inOrder.map(({ name }, at) => ({ name, partitions: sorted.filter((_, index) => index % inOrder.length === at) }));
  return byKeeping(inOrder, sorted);
}

/** Topic by topic in ranges; the first ones have one more (KIP-480's `RangeAssignor`). */
function byRange(members: readonly Member[], partitions: readonly Partition[]): Member[] {
  const topics = [...Map.groupBy(partitions, ({ topic }) => topic).values()];
  return members.map(({ name }, at) => ({
    name,
    partitions: topics.flatMap((of) => {
      const [each, more] = [Math.floor(of.length / members.length), of.length % members.length];
      const from = at * each + Math.min(at, more);
      return of.slice(from, from + each + (at < more ? 1 : 0));
    }),
  }));
}

/** As many for each, give or take one, and as few moved as that allows: who has most keeps the one more. */
function byKeeping(members: readonly Member[], partitions: readonly Partition[]): Member[] {
  const [each, more] = [Math.floor(partitions.length / members.length), partitions.length % members.length];
  const byMost = members.toSorted((a, b) => b.partitions.length - a.partitions.length);
  const kept = members.map((member) => {
    const most = each + (byMost.indexOf(member) < more ? 1 : 0);
    return { name: member.name, partitions: member.partitions.toSorted(byPartition).slice(0, most), most };
  });
  const taken = new Set(kept.flatMap((one) => one.partitions.map(partitionKey)));
  const left = partitions.filter((one) => !taken.has(partitionKey(one)));
  return kept.map(({ name, partitions: own, most }) => ({ name, partitions: [...own, ...left.splice(0, most - own.length)] }));
}

export type WhatIf = {
  instances: number;
  readers: { name: string; partitions: Partition[]; lag: number; sec: number | null }[];
  /** Until the last reader is done; null where it is not known, or never. */
  sec: number | null;
  /** What one instance reads in a second, as it was measured. */
  perInstance: number | null;
  text: string;
};

/**
 * @param known samples, layout, causes
 * @param group as it is now
 * @param instances that there would be
 */
export function whatIf(
  { samples, layout, marks }: Pick<Snapshot, 'samples' | 'layout' | 'marks'>,
  group: Pick<GroupView, 'group' | 'service' | 'assignor' | 'members' | 'partitions' | 'drainSec'>,
  instances: number,
): WhatIf {
  const moments = samples.slice(-120).map((sample) => momentOf(group.group, layout, sample));
  const perInstance = capacityOf(moments, readersOf(group, marks));
  const inRates = ratesIn(moments);
  const lagOf = new Map(group.partitions.map((one) => [partitionKey(one), one.lag ?? 0]));
  const readers = assign(group.assignor ?? 'range', membersWith(group, instances), group.partitions).map(({ name, partitions }) => {
    const keys = partitions.map(partitionKey);
    const lag = keys.reduce((sum, key) => sum + (lagOf.get(key) ?? 0), 0);
    const net = (perInstance ?? 0) - keys.reduce((sum, key) => sum + (inRates.get(key) ?? 0), 0);
    return {
      name,
      partitions: partitions.map(({ topic, partition }) => ({ topic, partition })),
      lag,
      sec: lag === 0 ? 0 : net > 0 && perInstance !== null ? Math.round(lag / net) : null,
    };
  });
  const sec = readers.length === 0 || readers.some((one) => one.sec === null) ? null : Math.max(...readers.map((one) => one.sec ?? 0));
  const found = { instances, readers, sec, perInstance };
  return { ...found, text: textOf(found, group) };
}

/** The lab numbers its instances from 1; those that are there keep what they read. */
function membersWith({ service, members }: Pick<GroupView, 'service' | 'members'>, instances: number): Member[] {
  return Array.from({ length: instances }, (_, index) => {
    const name = `${service}.${index + 1}`;
    return { name, partitions: members.find((one) => (one.process ?? one.clientId) === name)?.partitions ?? [] };
  });
}

function ratesIn(moments: readonly ReturnType<typeof momentOf>[]): Map<string, number> {
  const last = moments.at(-1);
  const first = last && moments.find(({ atMs }) => last.atMs - atMs <= 3000);
  const seconds = last && first ? (last.atMs - first.atMs) / 1000 : 0;
  if (!last || !first || seconds === 0) return new Map();
  return new Map(
    last.partitions.map(({ id, end }) => [id, ((end ?? 0) - (first.partitions.find((one) => one.id === id)?.end ?? end ?? 0)) / seconds]),
  );
}

function textOf({ instances, readers, sec, perInstance }: Omit<WhatIf, 'text'>, { drainSec }: Pick<GroupView, 'drainSec'>): string {
  const idle = readers.filter(({ partitions }) => partitions.length === 0).length;
  const idleText = idle === 0 ? '' : `; ${idle === 1 ? 'one of them is idle' : `${idle} of them are idle`}`;
  const who = `With ${count(instances, 'instance')}`;
  const [slowest] = readers.toSorted((a, b) => b.lag - a.lag);
  if (!slowest) return `${who} nobody reads.`;
  if (slowest.lag === 0) return `${who} nothing changes for the lag: there is none${idleText}.`;
  const most = `${slowest.name} has the most, ${count(slowest.lag, 'record')}`;
  if (perInstance === null)
    return `${who}: ${most}; when it is gone is not known before an instance has read for ten seconds with lag${idleText}.`;
  if (sec === null) return `${who}: ${most}, and more comes in for it than the ${number(perInstance)}/s that it reads${idleText}.`;
  const instead = drainSec === null || drainSec === 0 ? '' : `, now ${duration(drainSec)}`;
  return `${who}: gone in about ${duration(sec)}${instead}; ${most}, at ${number(perInstance)}/s${idleText}.`;
}

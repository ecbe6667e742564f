/** What the samples of a run tell of its groups: when an offset was committed, how long nothing was. Pure. */
import { isSamePartition, type PartitionOffset } from '../../../kafka/partition.ts';

export type PartitionSample = { topic: string; partition: number; committed: number; end: number; owner: string | undefined };
/** `isQueue`: a share group, whose `committed` is how far it would be if what is done with were committed. */
export type GroupSample = { group: string; members: number; partitions: readonly PartitionSample[]; isQueue?: boolean };
/** One look; times in ms since 1970. */
export type Sample = {
  atMs: number;
  groups: readonly GroupSample[];
  /** Whether a transaction was open in a topic that is written to. */
  transactionOpen: boolean;
  /** Records in the topics that are written to, control records included. */
  written: number;
  /** Groups of services of which a process ran that nobody held. */
  alive: ReadonlySet<string>;
};

export const lagOf = ({ partitions }: GroupSample): number =>
  partitions.reduce((sum, { committed, end }) => sum + Math.max(0, end - committed), 0);

/**
 * @param outages when there was no Kafka: nobody can read on then (ms since 1970)
 * @returns the longest time (s) in which a partition with lag was not read on, although a process of its service ran
 */
export function stalledSec(samples: readonly Sample[], outages: readonly { at: number; until: number }[] = []): number {
  const since = new Map<string, { atMs: number; committed: number }>();
  let longest = 0;
  for (const { atMs, groups, alive } of samples) {
    for (const { group, partitions } of groups) {
      for (const { topic, partition, committed, end } of partitions) {
        const key = `${group} ${topic}/${partition}`;
        const before = since.get(key);
        const goesOn = before && before.committed === committed && committed < end && alive.has(group);
        const fromMs = outages.reduce((from, { at, until }) => (at < atMs && until > from ? until : from), before?.atMs ?? atMs);
        if (goesOn) longest = Math.max(longest, atMs - fromMs);
        else since.set(key, { atMs, committed });
      }
    }
  }
  return Math.round(longest / 100) / 10;
}

/** @returns how often members came or went while offsets were being committed, before and after */
export function rebalancesAtWork(samples: readonly Sample[]): number {
  let times = 0;
  for (let i = 1; i < samples.length - 1; i += 1) {
    for (const now of (samples[i] as Sample).groups) {
      const at = (index: number): GroupSample | undefined => samples[index]?.groups.find(({ group }) => group === now.group);
      const before = at(i - 1);
      const after = at(i + 1);
      if (!before || !after || ownersOf(before) === ownersOf(now)) continue;
      if (committedOf(now) > committedOf(before) || committedOf(after) > committedOf(now)) times += 1;
    }
  }
  return times;
}

const ownersOf = ({ partitions }: GroupSample): string => partitions.map(({ owner }) => owner ?? '-').join(' ');
/** @returns the sum over all partitions: it grows with whatever is committed */
export const committedOf = ({ partitions }: GroupSample): number => partitions.reduce((sum, { committed }) => sum + committed, 0);

/** @returns whether something was written, and every partition was committed further or has nothing left, from one look to a later one */
export const hasMoved = (before: Sample, now: Sample): boolean =>
  now.written > before.written &&
  now.groups.every(({ group, partitions }) => {
    const old = before.groups.find((one) => one.group === group);
    return partitions.every((one) => {
      const was = old?.partitions.find((other) => isSamePartition(other, one));
      return one.committed > (was?.committed ?? 0) || one.committed >= one.end;
    });
  });

/** @returns when the offset was seen to be committed, and the member that owned the partition then; undefined where it never was */
export function committedAt(samples: readonly Sample[], place: PartitionOffset): { atMs: number; owner: string | undefined } | undefined {
  let owner: string | undefined;
  for (const { atMs, groups } of samples) {
    for (const { partitions } of groups) {
      const one = partitions.find((other) => isSamePartition(other, place));
      if (!one) continue;
      if (one.committed > place.offset) return { atMs, owner: owner ?? one.owner };
      owner = one.owner;
    }
  }
  return undefined;
}

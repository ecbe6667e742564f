/** One look at the lab while a scenario runs, and what can be computed from many: peaks, rates, members. Pure. */

import type { GroupState } from '../../kafka/groups/group-state.ts';
import { groupLag } from '../../kafka/groups/lag.ts';
import type { Metrics } from '../../pipeline/analytics/metrics.ts';

export type PartitionSample = {
  topic: string;
  partition: number;
  committed: number | undefined;
  end: number | undefined;
  lag: number | undefined;
};
export type GroupSample = { group: string; state: string; members: string[]; partitions: PartitionSample[] };
export type MetricsSample = Pick<
  Metrics,
  'total_orders' | 'total_reservations' | 'failed_reservations' | 'failure_rate_pct' | 'orders_per_min'
>;

export type Sample = {
  /** When the ends were known (ms since 1970). */
  atMs: number;
  groups: GroupSample[];
  /** Undefined while analytics does not answer. */
  metrics: MetricsSample | undefined;
};

/** @returns what a sample keeps of a group; committed was asked first, the end second */
export const groupSample = ({ group, state, members, partitions }: GroupState): GroupSample => ({
  group,
  state,
  members: members.map(({ consumerId }) => consumerId).sort(),
  partitions: partitions.map(({ topic, partition, committed, start = 0, end }) => ({
    topic,
    partition,
    committed,
    end,
    lag: groupLag({ committed, start, end }),
  })),
});

/** @returns records left over the partitions that are known; undefined where none is */
export function lagIn(sample: Sample, group: string): number | undefined {
  return sumOf(sample.groups.find((one) => one.group === group)?.partitions.map(({ lag }) => lag) ?? []);
}

/** @returns offsets that a group has committed, over all partitions or those of a topic */
export function committedIn(sample: Sample, group: string, topic?: string): number | undefined {
  const partitions = sample.groups.find((one) => one.group === group)?.partitions ?? [];
  return sumOf(partitions.filter((one) => topic === undefined || one.topic === topic).map(({ committed = 0 }) => committed));
}

/** @returns where a topic ended, over all partitions, as a group that reads it saw it */
export function endIn(sample: Sample, topic: string): number | undefined {
  const group = sample.groups.find(({ partitions }) => partitions.some((one) => one.topic === topic));
  return sumOf(group?.partitions.filter((one) => one.topic === topic).map(({ end }) => end) ?? []);
}

/** @returns the most records left at any sample; 0 without samples */
export const peakLag = (samples: readonly Sample[], group: string): number =>
  samples.reduce((peak, sample) => Math.max(peak, lagIn(sample, group) ?? 0), 0);

export type Counter = (sample: Sample) => number | undefined;

/**
 * @param counter something that only grows, such as an end of a log
 * @returns its growth per second between each sample and the one before it; undefined where it is not known or fell back
 */
export function ratesOf(samples: readonly Sample[], counter: Counter): { atMs: number; perSec: number | undefined }[] {
  return samples.slice(1).map((sample, index) => {
    const before = samples[index] as Sample;
    const [was, is] = [counter(before), counter(sample)];
    const seconds = (sample.atMs - before.atMs) / 1000;
    const grown = was === undefined || is === undefined || is < was || seconds <= 0 ? undefined : (is - was) / seconds;
    return { atMs: sample.atMs, perSec: grown };
  });
}

/** @returns how many members a group had in the samples since a moment (ms since 1970), and which */
export function membershipOf(samples: readonly Sample[], group: string, sinceMs: number) {
  const seen = samples.filter(({ atMs }) => atMs >= sinceMs).flatMap(({ groups }) => groups.filter((one) => one.group === group));
  const counts = seen.map(({ members }) => members.length);
  return {
    least: counts.length === 0 ? 0 : Math.min(...counts),
    most: Math.max(0, ...counts),
    ids: [...new Set(seen.flatMap(({ members }) => members))],
    samples: seen.length,
  };
}

function sumOf(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.flatMap((one) => (one === undefined ? [] : [one]));
  return known.length === 0 ? undefined : known.reduce((sum, one) => sum + one, 0);
}

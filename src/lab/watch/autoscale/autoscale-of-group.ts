/** What an autoscaler would have done with one group, out of what the page and the terminal know of it. Pure. */
import type { GroupView, Snapshot } from '../../wire/all.ts';
import { capacityOf, readersOf } from '../forecast/capacity.ts';
import { momentOf } from '../forecast/group-outlook.ts';
import { count, duration, number } from '../verdict/group-verdict.ts';
import { type AutoscaleHistory, autoscaleHistory } from './autoscale-history.ts';
import type { KedaOptions } from './keda.ts';

export type GroupHistory = AutoscaleHistory & {
  /** What one instance reads in a second, as it was measured or given; null where neither is so, then nothing is told. */
  perInstance: number | null;
};

const nothing: AutoscaleHistory = {
  ...{ points: [], goneAtMs: { asItWas: null, autoscaled: null }, soonerSec: null },
  ...{ instanceMinutes: 0, mostReplicas: 0, flapsAtMs: [] },
};

/**
 * @param known samples, layout and causes
 * @param group as it is now
 * @param given `perInstance` instead of what was measured; until a new instance reads (s)
 */
export function historyOf(
  { samples, layout, marks }: Pick<Snapshot, 'samples' | 'layout' | 'marks'>,
  group: Pick<GroupView, 'group' | 'partitions'>,
  options: KedaOptions,
  { perInstance: given, startSec }: { perInstance?: number | undefined; startSec: number },
): GroupHistory {
  const moments = samples.map((sample) => momentOf(group.group, layout, sample));
  const perInstance = given ?? capacityOf(moments, readersOf(group, marks));
  if (perInstance === null || moments.length < 2) return { ...nothing, perInstance };
  return { ...autoscaleHistory({ moments, perInstance, startSec, replicas: Math.max(1, options.minReplicaCount) }, options), perInstance };
}

/** @returns what it would have come to, in a few sentences */
export function autoscaleText({
  points,
  perInstance,
  goneAtMs,
  soonerSec,
  instanceMinutes,
  mostReplicas,
  flapsAtMs,
}: GroupHistory): string {
  if (perInstance === null) return 'What one instance reads is not known yet: it needs ten seconds with lag since the last rebalance.';
  const lasted = points.length < 2 ? 0 : ((points.at(-1)?.atMs ?? 0) - (points[0]?.atMs ?? 0)) / 1000;
  const cost = `up to ${count(mostReplicas, 'replica')}, ${number(instanceMinutes)} instance-minutes in ${duration(lasted)}`;
  const turned =
    flapsAtMs.length === 0
      ? 'it would not have flapped'
      : `it would have turned round ${count(flapsAtMs.length, 'time')} within five minutes`;
  return `By ${number(perInstance)}/s per instance: ${cost}; ${goneText(goneAtMs, soonerSec)}; ${turned}.`;
}

function goneText({ asItWas, autoscaled }: AutoscaleHistory['goneAtMs'], soonerSec: number | null): string {
  if (soonerSec !== null) {
    if (soonerSec === 0) return 'the lag would have been gone at the same time';
    return `the lag would have been gone ${duration(Math.abs(soonerSec))} ${soonerSec > 0 ? 'sooner' : 'later'}`;
  }
  if (autoscaled !== null) return 'the lag would be gone by now';
  return asItWas !== null ? 'the lag would not be gone yet' : 'the lag is not gone yet, nor would it be';
}

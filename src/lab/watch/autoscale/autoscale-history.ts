/** What KEDA and the Horizontal Pod Autoscaler would have done over the samples that there are, and how the lag would have gone then. Pure. */

import type { Moment } from '../forecast/when-gone.ts';
import { type KedaOptions, kedaLook, recommended } from './keda.ts';

/** How often the Horizontal Pod Autoscaler looks, for how long a lower recommendation waits, and how many it adds at most (s). */
const syncSec = 15;
const scaleDownWindowSec = 300;
const mostMore = (replicas: number): number => Math.max(replicas + 4, replicas * 2);

export type AutoscaleFacts = {
  /** One a second, oldest first. */
  moments: readonly Moment[];
  /** Records that one instance reads in a second, see `capacityOf`. */
  perInstance: number;
  /** Until a new instance reads: start and rebalance (s). */
  startSec: number;
  /** Replicas before the first moment. */
  replicas: number;
};

export type AutoscalePoint = {
  atMs: number;
  /** As it was, and as it would have been. */
  lagThen: number;
  lag: number;
  replicas: number;
};

export type AutoscaleHistory = {
  points: AutoscalePoint[];
  /** When the lag was gone for the last time, after it was there; null where it was not, or never was there. */
  goneAtMs: { asItWas: number | null; autoscaled: number | null };
  /** Null where one of them is not known. */
  soonerSec: number | null;
  instanceMinutes: number;
  mostReplicas: number;
  /** Times at which it turned round within five minutes. */
  flapsAtMs: number[];
};

/** So little of the highest lag counts as none: under load it never is exactly 0. */
const goneShare = 0.01;
const flapMs = 300_000;

/** @returns what would have been, second by second */
export function autoscaleHistory(
  { moments, perInstance, startSec, replicas: first }: AutoscaleFacts,
  options: KedaOptions,
): AutoscaleHistory {
  const scaler = new Scaler(first, options);
  const starts: { atMs: number; replicas: number }[] = [];
  const points: AutoscalePoint[] = [];
  let lags = new Map<string, number>();
  let minutes = 0;
  for (const [index, moment] of moments.entries()) {
    const before = moments[index - 1];
    const seconds = before ? (moment.atMs - before.atMs) / 1000 : 0;
    const partitions = moment.partitions.filter(({ end, lag }) => end !== null && lag !== null);
    lags = new Map(partitions.map((one) => [one.id, before ? (lags.get(one.id) ?? 0) + came(before, one) : (one.lag ?? 0)]));
    const wasReady = starts.findLast(({ atMs }) => moment.atMs - atMs >= startSec * 1000)?.replicas ?? first;
    readSome(lags, Math.min(wasReady, scaler.replicas), perInstance * seconds);
    const replicas = scaler.at(
      moment.atMs,
      partitions.map(({ id, end, next }) => ({
        id,
        committed: next === null ? null : (end ?? 0) - Math.ceil(lags.get(id) ?? 0),
        end: end ?? 0,
      })),
    );
    if (replicas !== starts.at(-1)?.replicas) starts.push({ atMs: moment.atMs, replicas });
    minutes += (replicas * seconds) / 60;
    points.push({
      atMs: moment.atMs,
      lagThen: sum(partitions.map(({ lag }) => lag ?? 0)),
      lag: Math.ceil(sum([...lags.values()])),
      replicas,
    });
  }
  const goneAtMs = { asItWas: goneAt(points, 'lagThen'), autoscaled: goneAt(points, 'lag') };
  const { asItWas, autoscaled } = goneAtMs;
  return {
    points,
    goneAtMs,
    soonerSec: asItWas === null || autoscaled === null ? null : Math.round((asItWas - autoscaled) / 1000),
    instanceMinutes: Math.round(minutes * 10) / 10,
    mostReplicas: Math.max(0, ...points.map(({ replicas }) => replicas)),
    flapsAtMs: flapsOf(starts),
  };
}

/** Both controllers, with what they remember. */
class Scaler {
  replicas: number;
  readonly #options: KedaOptions;
  #offsets: ReadonlyMap<string, number> = new Map();
  #recommendations: { atMs: number; replicas: number }[] = [];
  #polledMs = Number.NEGATIVE_INFINITY;
  #syncedMs = Number.NEGATIVE_INFINITY;
  #activeMs: number | undefined;

  constructor(replicas: number, options: KedaOptions) {
    this.replicas = replicas;
    this.#options = options;
  }

  at(atMs: number, partitions: Parameters<typeof kedaLook>[0]): number {
    this.#activeMs ??= atMs;
    if (atMs - this.#polledMs >= this.#options.pollingInterval * 1000) this.#poll(atMs, partitions);
    if (atMs - this.#syncedMs >= syncSec * 1000 && this.replicas > 0) this.#sync(atMs, partitions);
    return this.replicas;
  }

  /** KEDA's own part: between none and one. */
  #poll(atMs: number, partitions: Parameters<typeof kedaLook>[0]): void {
    this.#polledMs = atMs;
    const { minReplicaCount, cooldownPeriod } = this.#options;
    if (this.#look(partitions).active) {
      this.#activeMs = atMs;
      if (this.replicas === 0) this.replicas = Math.max(1, minReplicaCount);
    } else if (minReplicaCount === 0 && atMs - (this.#activeMs ?? atMs) >= cooldownPeriod * 1000) this.replicas = 0;
  }

  #sync(atMs: number, partitions: Parameters<typeof kedaLook>[0]): void {
    this.#syncedMs = atMs;
    const wanted = recommended(this.#look(partitions).metric, this.replicas, this.#options);
    const recent = this.#recommendations.filter((one) => atMs - one.atMs < scaleDownWindowSec * 1000);
    this.#recommendations = [...recent, { atMs, replicas: wanted }];
    const highest = Math.max(...this.#recommendations.map(({ replicas }) => replicas));
    // Up at once, within the limit of a step; down only to the highest of the window.
    this.replicas = wanted > this.replicas ? Math.min(wanted, mostMore(this.replicas)) : Math.min(this.replicas, highest);
  }

  #look(partitions: Parameters<typeof kedaLook>[0]): ReturnType<typeof kedaLook> {
    const look = kedaLook(partitions, this.#options, this.#offsets);
    this.#offsets = look.offsets;
    return look;
  }
}

const came = (before: Moment, { id, end }: Moment['partitions'][number]): number =>
  Math.max(0, (end ?? 0) - (before.partitions.find((one) => one.id === id)?.end ?? end ?? 0));

/** Each reader takes its share of the partitions, evenly by their number, and reads so many records in all. */
function readSome(lags: Map<string, number>, replicas: number, most: number): void {
  const ids = [...lags.keys()];
  const readers = Math.min(replicas, ids.length);
  for (let reader = 0; reader < readers; reader += 1) {
    let left = most;
    for (const id of ids.filter((_, index) => index % readers === reader)) {
      const taken = Math.min(left, lags.get(id) ?? 0);
      lags.set(id, (lags.get(id) ?? 0) - taken);
      left -= taken;
    }
  }
}

function goneAt(points: readonly AutoscalePoint[], of: 'lag' | 'lagThen'): number | null {
  const most = Math.max(0, ...points.map((point) => point[of]));
  const last = points.findLastIndex((point) => point[of] > most * goneShare);
  return last < 0 ? null : (points[last + 1]?.atMs ?? null);
}

function flapsOf(changes: readonly { atMs: number; replicas: number }[]): number[] {
  return changes.flatMap(({ atMs, replicas }, index) => {
    const [last, before] = [changes[index - 1], changes[index - 2]];
    if (!last || !before || atMs - last.atMs > flapMs) return [];
    return Math.sign(replicas - last.replicas) === Math.sign(last.replicas - before.replicas) ? [] : [atMs];
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);

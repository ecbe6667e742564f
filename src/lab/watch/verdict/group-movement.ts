/** How a group moves, from the samples of the last seconds: rates and trend. When its lag is gone: `when-gone.ts`. */
import { type LagTrend, lagRows, lagTrend, totalLag } from '../../../kafka/groups/lag.ts';
import { type Partition, partitionKey } from '../../../kafka/partition.ts';
import type { Layout, Sample, Trend } from '../../wire/all.ts';

export type PartitionMovement = { lag: number | null; readPerSec: number | null };

export type GroupMovement = {
  /** By `partitionKey`. */
  partitions: Map<string, PartitionMovement>;
  totalLag: number | null;
  readPerSec: number | null;
  trend: Trend | null;
  /** Whether a commit went back within the window. */
  rewound: boolean;
  /** Seconds without any commit going forward while there was lag; 0 where one did. */
  stillSec: number;
};

/** A change below this share of what is read is the rhythm of commits, no trend. */
const noise = 0.05;

/** So long a step back is news (s). */
const rewoundSec = 10;
/** Rates and trends are over so long: the rhythm of commits is gone, a change is seen soon (s). */
const rateWindowSec = 5;
/** Where nothing has come in for so long, what came in before says nothing about whether the lag grows (s). */
const quietSec = 2;
/** What the caller has to bring: longer than anything that is looked for. */
export const movementWindowSec = 15;

/**
 * @param group whose movement
 * @param layout the columns
 * @param window samples of the last `movementWindowSec`, oldest first
 */
export function groupMovement(group: string, layout: Layout, window: readonly Sample[]): GroupMovement {
  const columns = layout.commits.flatMap((column, index) => (column.group === group ? [{ ...column, index }] : []));
  const last = window.at(-1);
  const first = window.find(({ atMs }) => last !== undefined && last.atMs - atMs <= rateWindowSec * 1000 + 500);
  const seconds = first && last ? (last.atMs - first.atMs) / 1000 : 0;
  const partitions = new Map(
    columns.map((column) => [partitionKey(column), partitionMovement(column.index, first, last, seconds)] as const),
  );
  const rates = [...partitions.values()].flatMap(({ readPerSec }) => (readPerSec === null ? [] : [readPerSec]));
  const readPerSec = rates.length === 0 ? null : round(rates.reduce((sum, rate) => sum + rate, 0));
  const recent = window.filter(({ atMs }) => last !== undefined && last.atMs - atMs < rewoundSec * 1000);
  const rewound = columns.some(({ index }) => recent.some((sample, at) => at > 0 && wentBack(recent[at - 1], sample, index)));
  const from = quietSince(columns, layout, window) ?? first;
  const trend = seconds > 0 && from && last ? lagTrend(lagSample(group, layout, from), lagSample(group, layout, last)) : undefined;
  const lags = [...partitions.values()].map(({ lag }) => ({ lag: lag ?? undefined }));
  return {
    partitions,
    totalLag: totalLag(lags) ?? null,
    readPerSec,
    trend: trend === undefined ? null : smoothed(trend, readPerSec),
    rewound,
    stillSec: stillSec(
      columns.map(({ index }) => index),
      window,
    ),
  };
}

function partitionMovement(index: number, first: Sample | undefined, last: Sample | undefined, seconds: number): PartitionMovement {
  const lag = last?.lag[index] ?? null;
  const [was, is] = [first?.committed[index] ?? null, last?.committed[index] ?? null];
  const readPerSec = was === null || is === null || is < was || seconds <= 0 ? null : round((is - was) / seconds);
  return { lag, readPerSec };
}

/** @returns the first sample of those in which nothing came in any more, where they are enough for a trend */
function quietSince(columns: readonly Partition[], layout: Layout, window: readonly Sample[]): Sample | undefined {
  const last = window.at(-1);
  const indexes = columns.map((column) => layout.ends.findIndex((one) => partitionKey(one) === partitionKey(column)));
  const isAsNow = ({ ends }: Sample): boolean => indexes.every((index) => ends[index] === last?.ends[index]);
  const from = window[window.findLastIndex((sample) => !isAsNow(sample)) + 1];
  if (!from || !last || from === window[0]) return undefined;
  const seconds = (last.atMs - from.atMs) / 1000;
  return seconds >= quietSec && seconds <= rateWindowSec ? from : undefined;
}

function smoothed({ direction, perSec }: LagTrend, readPerSec: number | null): Trend {
  const isNoise = Math.abs(perSec) < Math.max(1, (readPerSec ?? 0) * noise);
  return { direction: isNoise ? 'steady' : direction, perSec };
}

const wentBack = (before: Sample | undefined, now: Sample, index: number): boolean => {
  const [was, is] = [before?.committed[index], now.committed[index]];
  return typeof was === 'number' && typeof is === 'number' && is < was;
};

function stillSec(indexes: readonly number[], window: readonly Sample[]): number {
  const last = window.at(-1);
  if (!last) return 0;
  let since = last.atMs;
  for (let at = window.length - 1; at >= 0; at -= 1) {
    const sample = window[at] as Sample;
    const hasLag = indexes.some((index) => (sample.lag[index] ?? 0) > 0);
    if (!hasLag || indexes.some((index) => sample.committed[index] !== last.committed[index])) break;
    since = sample.atMs;
  }
  return (last.atMs - since) / 1000;
}

function lagSample(group: string, layout: Layout, sample: Sample) {
  const states = layout.commits.flatMap(({ group: of, topic, partition }, index) => {
    if (of !== group) return [];
    const lag = sample.lag[index] ?? undefined;
    return [
      {
        topic,
        partition,
        committed: lag === undefined ? undefined : 0,
        start: undefined,
        first: undefined,
        end: lag,
        owner: undefined,
        error: undefined,
      },
    ];
  });
  return { atMs: sample.atMs, rows: lagRows(group, states) };
}

const round = (value: number): number => Math.round(value * 10) / 10;

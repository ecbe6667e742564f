/** Measures a run from the outside: the read_committed end of its output topic over time, taken the same way for every contender. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IAdminClient } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ReplaygroundError } from '../src/errors.ts';
import { committedEnds } from './topic-log.ts';

/** The read_committed ends of all partitions at a moment (`performance.now()`, taken when the answer was there). */
export type Sample = { atMs: number; ends: number[] };

/** Figures of one run. Rates in records per second, times in seconds. */
export type Pace = {
  /** From 10% of the outputs visible to all of them. */
  steadyRate: number;
  /** From half of the outputs visible to all of them: what is left of warm-up is outside. */
  secondHalfRate: number;
  /** From the start of the process to all outputs visible. */
  totalSec: number;
};

const pollMs = 20;
const quietMs = 1000;
const stalledMs = 120_000;

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

/**
 * Samples until the topic holds `expected` records and has not grown for a second. Transactions end in control records, which
 * count into the ends: whether all is there is therefore known only afterwards, from `pace`.
 */
export async function watchEnds(admin: IAdminClient, topic: string, expected: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  let grownAtMs = performance.now();
  let reached = -1;
  for (;;) {
    const ends = await committedEnds(admin, topic);
    const atMs = performance.now();
    samples.push({ atMs, ends });
    if (sum(ends) > reached) {
      reached = sum(ends);
      grownAtMs = atMs;
    }
    const quietForMs = atMs - grownAtMs;
    if (reached >= expected && quietForMs > quietMs) return samples;
    if (quietForMs > stalledMs) {
      throw new ReplaygroundError('bench-stalled', `${topic} stands at ${reached} of ${expected} records and does not grow`);
    }
    await sleep(pollMs);
  }
}

/**
 * @param startedAtMs when the process was started
 * @param samples of the output topic
 * @param offsets per partition, the ascending offsets of the records in it (control records are none); without it, every offset
 *   holds a record
 */
export function pace(startedAtMs: number, samples: Sample[], offsets?: number[][]): Pace {
  const visible = samples.map(({ atMs, ends }) => ({
    atMs,
    count: sum(ends.map((end, partition) => (offsets ? below(offsets[partition] ?? [], end) : end))),
  }));
  const all = visible.at(-1)?.count ?? 0;
  const reached = (count: number) => visible.find((sample) => sample.count >= count) ?? { atMs: Number.NaN, count: 0 };
  const end = reached(all);
  const rateFrom = (share: number) => {
    const from = reached(all * share);
    return ((all - from.count) / (end.atMs - from.atMs)) * 1000;
  };
  return { steadyRate: rateFrom(0.1), secondHalfRate: rateFrom(0.5), totalSec: (end.atMs - startedAtMs) / 1000 };
}

/** @returns how many of the ascending `offsets` are smaller than `end` (binary search) */
function below(offsets: number[], end: number): number {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle] ?? 0) < end) low = middle + 1;
    else high = middle;
  }
  return low;
}

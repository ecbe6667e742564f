/** Measures a run from the outside: positions in the log over time, taken the same way for every contender. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ReplaygroundError } from '../src/kafka/errors.ts';
import { type Partition, partitionKey } from '../src/kafka/partition.ts';

export type Position = Partition & { offset: number };

/** Where all partitions stood at a moment (`performance.now()`, taken when the answer was there). */
export type Sample = { atMs: number; positions: Position[] };

/** How many records were done at a moment. */
export type Count = { atMs: number; count: number };

/** Figures of one run. Rates in records per second, times in seconds. */
export type Pace = {
  /** From 10% of the records done to all of them. */
  steadyRate: number;
  /** From half of the records done to all of them: what is left of warm-up is outside. */
  secondHalfRate: number;
  /** From the start of the process to all done. */
  totalSec: number;
};

/** Per partition, the ascending offsets of its records: control records of transactions are none. */
export type RecordOffsets = ReadonlyMap<string, number[]>;

const pollMs = 20;
const quietMs = 700;
const stalledMs = 120_000;

const sum = (positions: readonly Position[]): number => positions.reduce((total, { offset }) => total + offset, 0);

/**
 * Samples until `expected` offsets are passed and nothing has moved for a moment. Transactions end in control records, which
 * count into offsets: whether all is there is therefore known only afterwards, from {@link countRecords}.
 * @param read where all partitions stand
 * @throws ReplaygroundError `bench-stalled`
 */
export async function watch(what: string, read: () => Promise<Position[]>, expected: number): Promise<Sample[]> {
  const samples: Sample[] = [];
  let movedAtMs = performance.now();
  let reached = -1;
  for (;;) {
    const positions = await read();
    const atMs = performance.now();
    samples.push({ atMs, positions });
    if (sum(positions) !== reached) {
      reached = sum(positions);
      movedAtMs = atMs;
    }
    const quietForMs = atMs - movedAtMs;
    if (reached >= expected && quietForMs > quietMs) return samples;
    if (quietForMs > stalledMs)
      throw new ReplaygroundError('bench-stalled', `${what} stands at ${reached} of ${expected} and does not move`);
    await sleep(pollMs);
  }
}

/** @param offsets of the records; a partition without any is taken to hold a record at every offset */
export const countRecords = (samples: readonly Sample[], offsets: RecordOffsets = new Map()): Count[] =>
  samples.map(({ atMs, positions }) => ({ atMs, count: recordsBelow(positions, offsets) }));

/** @returns how many records lie before the positions */
export const recordsBelow = (positions: readonly Position[], offsets: RecordOffsets): number =>
  positions.reduce((total, position) => {
    const known = offsets.get(partitionKey(position));
    return total + (known ? below(known, position.offset) : position.offset);
  }, 0);

/**
 * @param startedAtMs when the process was started
 * @param counts in the order of their times
 */
export function pace(startedAtMs: number, counts: readonly Count[]): Pace {
  const all = counts.at(-1)?.count ?? 0;
  const reached = (count: number) => counts.find((one) => one.count >= count) ?? { atMs: Number.NaN, count: 0 };
  const end = reached(all);
  const rateFrom = (share: number) => {
    const from = reached(all * share);
    return ((all - from.count) / (end.atMs - from.atMs)) * 1000;
  };
  return { steadyRate: rateFrom(0.1), secondHalfRate: rateFrom(0.5), totalSec: (end.atMs - startedAtMs) / 1000 };
}

/**
 * The rate while it lasts: the slope of the straight line that fits best (least squares), so that the steps in which
 * transactions become visible do not matter.
 * @returns records per second
 */
export function slope(counts: readonly Count[]): number {
  const meanAt = counts.reduce((total, { atMs }) => total + atMs, 0) / counts.length;
  const meanCount = counts.reduce((total, { count }) => total + count, 0) / counts.length;
  const over = counts.reduce((total, { atMs, count }) => total + (atMs - meanAt) * (count - meanCount), 0);
  const under = counts.reduce((total, { atMs }) => total + (atMs - meanAt) ** 2, 0);
  return (over / under) * 1000;
}

/** @returns how many of the ascending `offsets` are smaller than `end` (binary search) */
function below(offsets: readonly number[], end: number): number {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle] ?? 0) < end) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Medians, spread and ratios of interleaved rounds. */
import type { Pace } from './progress.ts';

/** Figures of one quantity over all rounds. */
export type Summary = { median: number; min: number; max: number; rounds: number[] };

/** One line of the result: the same quantity of both. `ratio` is above 1 where ours is the faster one. */
export type Row = { measure: string; unit: 'records/s' | 's'; ours: Summary; peer: Summary; ratio: number };

/** @param rounds at least one number */
export function summarize(rounds: number[]): Summary {
  const ascending = rounds.toSorted((a, b) => a - b);
  const at = (index: number) => ascending[index] ?? Number.NaN;
  const middle = (ascending.length - 1) / 2;
  return { median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2, min: at(0), max: at(ascending.length - 1), rounds };
}

/**
 * Runs ours, peer, ours, peer, so that whatever changes on the machine meanwhile meets both. Round 0 warms up the broker and the
 * disk cache: it is run like the others and left out of the results.
 */
export async function interleave<T>(
  rounds: number,
  run: (who: 'ours' | 'peer', round: number) => Promise<T>,
): Promise<{ ours: T[]; peer: T[] }> {
  const results: { ours: T[]; peer: T[] } = { ours: [], peer: [] };
  for (let round = 0; round <= rounds; round++) {
    for (const who of ['ours', 'peer'] as const) {
      const result = await run(who, round);
      if (round > 0) results[who].push(result);
    }
  }
  return results;
}

/** @returns the rows that compare the paces of all rounds */
export function compare(name: string, { ours, peer }: { ours: Pace[]; peer: Pace[] }): Row[] {
  const row = (measure: string, unit: Row['unit'], figure: (pace: Pace) => number): Row => {
    const [a, b] = [summarize(ours.map(figure)), summarize(peer.map(figure))];
    return { measure: `${name}, ${measure}`, unit, ours: a, peer: b, ratio: unit === 's' ? b.median / a.median : a.median / b.median };
  };
  return [
    row('steady (10% to 100%)', 'records/s', ({ steadyRate }) => steadyRate),
    row('second half', 'records/s', ({ secondHalfRate }) => secondHalfRate),
    row('total with start-up', 's', ({ totalSec }) => totalSec),
  ];
}

/** Medians, spread, and ratios with their uncertainty, of interleaved rounds. Pure but for what is run. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Figures of one quantity over all rounds. */
export type Summary = { median: number; min: number; max: number; rounds: number[] };

/** A ratio of medians with its 95% confidence interval; the interval is missing with fewer than three rounds. */
export type Ratio = { value: number; low?: number; high?: number };

const resamples = 10_000;
const leastRounds = 3;

/** @returns the middle one, or the mean of both middle ones; NaN of nothing */
export function median(numbers: readonly number[]): number {
  const ascending = numbers.toSorted((a, b) => a - b);
  const middle = (ascending.length - 1) / 2;
  return ((ascending[Math.floor(middle)] ?? Number.NaN) + (ascending[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/** @param share from 0 to 1; @returns the smallest of the numbers that at least this share does not exceed (nearest rank) */
export function percentile(numbers: readonly number[], share: number): number {
  const ascending = numbers.toSorted((a, b) => a - b);
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? Number.NaN;
}

/** @param rounds at least one number */
export const summarize = (rounds: readonly number[]): Summary => ({
  median: median(rounds),
  min: Math.min(...rounds),
  max: Math.max(...rounds),
  rounds: [...rounds],
});

/**
 * The ratio of two medians, with the percentile interval of a bootstrap: both samples are drawn again and again with replacement
 * (Efron and Tibshirani, An Introduction to the Bootstrap, ch. 13). With five rounds it is a rough one.
 * @param over the numerator's rounds
 * @param under the denominator's
 */
export function ratioOfMedians(over: readonly number[], under: readonly number[]): Ratio {
  const value = median(over) / median(under);
  if (Math.min(over.length, under.length) < leastRounds) return { value };
  // The same rounds give the same interval.
  const random = xoroshiro128plus(1);
  const drawn = (from: readonly number[]): number => median(from.map(() => from[uniformInt(random, 0, from.length - 1)] ?? Number.NaN));
  const ratios = Array.from({ length: resamples }, () => drawn(over) / drawn(under));
  return { value, low: percentile(ratios, 0.025), high: percentile(ratios, 0.975) };
}

/**
 * Runs a, b, a, b, so that whatever changes on the machine meanwhile meets all.
 * @param names of the contenders
 * @param rounds how many runs of each count
 * @param warmUp whether a round 0 goes before, run like the others and left out of the results: it warms up the broker and the disk cache
 * @returns what each contender's rounds gave
 */
export async function interleave<Name extends string, T>(
  names: readonly Name[],
  { rounds, warmUp }: { rounds: number; warmUp: boolean },
  run: (name: Name, round: number) => Promise<T>,
): Promise<Record<Name, T[]>> {
  const results = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<Name, T[]>;
  for (let round = warmUp ? 0 : 1; round <= rounds; round++) {
    for (const name of names) {
      const result = await run(name, round);
      if (round > 0) results[name].push(result);
    }
  }
  return results;
}

/** Chance that can be had again: the same seed draws the same numbers, so that a storm that found something can be repeated. */
import { createHash, randomInt } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export type Seeded = {
  /** @returns a whole number, both ends included */
  whole: (least: number, most: number) => number;
  pick: <T>(from: readonly T[]) => T;
};

/** @param seed any text */
export function seeded(seed: string): Seeded {
  const random = xoroshiro128plus(createHash('sha256').update(seed).digest().readInt32BE(0));
  const whole = (least: number, most: number): number => uniformInt(random, least, most);
  return { whole, pick: <T>(from: readonly T[]) => from[whole(0, from.length - 1)] as T };
}

/** @returns a seed for a run that was given none; short, to be typed again */
export const newSeed = (): string => String(randomInt(1, 1_000_000));

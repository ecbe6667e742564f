/** The seed of a storm test: printed, so that a run that found something can be repeated with STORM_SEED=<seed>. */
import type { TestContext } from 'node:test';
import { newSeed, type Seeded, seeded } from '../../../src/lab/crash-test/faults/seeded.ts';

/** @returns chance that follows the printed seed */
export function stormSeed(t: Pick<TestContext, 'diagnostic'>): Seeded {
  const seed = process.env.STORM_SEED ?? newSeed();
  t.diagnostic(`seed ${seed}: the same storm again by STORM_SEED=${seed}`);
  return seeded(seed);
}

/** How much a fuzz test tries, and with which seed: FUZZ_SEED repeats a run, FUZZ_RUNS=10 tries ten times as much. */

export const fuzzSeed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
export const fuzzScale = Number(process.env.FUZZ_RUNS ?? 1);

/** @returns fast-check's parameters for so many runs; it tells the seed where one fails */
export const fuzzRuns = (numRuns: number): { numRuns: number; seed: number } => ({ numRuns: numRuns * fuzzScale, seed: fuzzSeed });

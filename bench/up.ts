/** How long `./lab up` takes: with nothing there, and with the data of many orders. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import { filledLab } from './fill-lab.ts';
import { LabUnderTest } from './lab-under-test.ts';
import { measure } from './measures.ts';
import type { Findings } from './result.ts';

/** What a start takes hardly differs from round to round, and a round takes long. */
const mostRounds = 3;

/** Warm: the packages are installed, the jars fetched, the page built. */
export async function benchUp(bench: Bench): Promise<Findings> {
  const { lab, orders } = await filledLab(bench);
  const before = await lab.metrics();
  await lab.down();
  const warm: number[] = [];
  const again: number[] = [];
  const digests: string[] = [];
  for (let round = 1; round <= Math.min(bench.rounds, mostRounds); round++) {
    warm.push(await upAndDown(bench, round));
    again.push(await lab.up());
    digests.push((await lab.metrics()).digest);
    await lab.down();
    bench.say(`up, round ${round}: ${warm.at(-1)?.toFixed(1)} s with nothing, ${again.at(-1)?.toFixed(1)} s with ${orders} orders`);
  }
  return {
    rounds: warm.length,
    settings: { 'orders that are there': before.total_orders },
    measures: [
      measure({ name: './lab up, warm, no data', unit: 's', target: { of: 'ours', below: 8 } }, warm),
      measure({ name: `./lab up on the data of ${orders} orders`, unit: 's', target: { of: 'ours', below: 15 } }, again),
    ],
    checks: [
      {
        claim: 'after every start the view was the same as before',
        held: digests.every((digest) => digest === before.digest),
        detail: before.digest,
      },
    ],
  };
}

async function upAndDown(bench: Bench, round: number): Promise<number> {
  const folder = join(bench.home, `up-${round}`);
  const lab = new LabUnderTest(folder);
  bench.defer(() => lab.down());
  try {
    return await lab.up();
  } finally {
    await lab.down();
    await rm(folder, { recursive: true, force: true });
  }
}

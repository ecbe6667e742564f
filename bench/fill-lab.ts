/** Puts many orders through the shared lab at full speed, once, and records what memory its processes take meanwhile. */
import type { Bench } from './bench.ts';
import { type LabUnderTest, sharedLab } from './lab-under-test.ts';
import { type MemoryPoint, MemorySampler } from './memory-sampler.ts';

export type Filling = { lab: LabUnderTest; orders: number; sec: number; memory: ReadonlyMap<string, MemoryPoint[]> };

const fillings = new WeakMap<Bench, Promise<Filling>>();

/** @returns the filled lab; a second call of the same run fills no more */
export function filledLab(bench: Bench): Promise<Filling> {
  const known = fillings.get(bench);
  if (known) return known;
  const filling = fill(bench);
  fillings.set(bench, filling);
  return filling;
}

async function fill(bench: Bench): Promise<Filling> {
  const lab = await sharedLab(bench);
  const orders = bench.sizes.manyOrders;
  bench.say(`putting ${orders} orders through the lab`);
  const { processes } = await lab.state();
  const pids = processes.flatMap(({ name, pid }) => (pid === null ? [] : [[name, pid] as const]));
  using memory = new MemorySampler(new Map(pids));
  const { askedAtMs, seenAtMs } = await lab.burst(orders);
  return { lab, orders, sec: (seenAtMs - askedAtMs) / 1000, memory: memory.points };
}

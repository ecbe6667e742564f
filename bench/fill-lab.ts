/** Puts many orders through the shared lab at full speed, once, and records what its processes take meanwhile. */
import type { Bench } from './bench.ts';
import { cpuSeconds } from './cpu-time.ts';
import { type LabUnderTest, sharedLab } from './lab-under-test.ts';
import { type MemoryPoint, MemorySampler } from './memory-sampler.ts';

export type Filling = {
  lab: LabUnderTest;
  orders: number;
  sec: number;
  /** Of each process, by its name. */
  memory: ReadonlyMap<string, MemoryPoint[]>;
  cpuSec: ReadonlyMap<string, number>;
  /** What Kafka's log of each topic takes on disk (bytes). */
  logBytes: { orders: number; inventory: number };
};

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
  const named = new Map(processes.flatMap(({ name, pid }) => (pid === null ? [] : [[name, pid] as const])));
  const cpuBefore = await cpuSeconds([...named.values()]);
  using memory = new MemorySampler(named);
  const { askedAtMs, seenAtMs } = await lab.burst(orders);
  const cpuAfter = await cpuSeconds([...named.values()]);
  const cpuSec = new Map([...named].map(([name, pid]) => [name, (cpuAfter.get(pid) ?? Number.NaN) - (cpuBefore.get(pid) ?? Number.NaN)]));
  const logBytes = { orders: lab.logBytes('order-events'), inventory: lab.logBytes('inventory-events') };
  return { lab, orders, sec: (seenAtMs - askedAtMs) / 1000, memory: memory.points, cpuSec, logBytes };
}

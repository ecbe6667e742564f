/** The rate of a group of throttled instances, measured while each of them owns partitions and all partitions have records. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReplaygroundError } from '../src/kafka/errors.ts';
import { groupMember } from '../src/kafka/groups/group-state.ts';
import { KafkaInspector } from '../src/kafka/groups/inspector.ts';
import type { Bench } from './bench.ts';
import { startContenders } from './contender.ts';
import { committedOf } from './group-progress.ts';
import { analyticsCommand, inventoryCommand } from './our-commands.ts';
import { readOutputs } from './outputs.ts';
import { countRecords, type Position, type Sample, slope } from './progress.ts';
import { committedEnds } from './topic-log.ts';

/** What the handler takes for each order (ms). */
export const throttleMs = 2;
/** After the partitions are given out, for what was fetched before (ms). */
const settleMs = 1000;
const joinDeadlineMs = 60_000;
const pollMs = 20;

/** @returns how many orders are enough for so many instances to have work throughout, also where they join slowly */
export const ordersFor = ({ throttledSec }: Bench['sizes'], instances: number): number =>
  Math.ceil(((throttledSec * 1000 + settleMs) / throttleMs) * instances * 3);

export type GroupRun = { name: string; ordersTopic: string; inventoryTopic: string; partitions: number; instances: number };

/** @returns orders per second that become visible, and how many were decided twice (0 unless something is broken) */
export async function throttledRate(bench: Bench, run: GroupRun): Promise<{ rate: number; repeated: number }> {
  const { name, partitions, instances } = run;
  const own = { ...run, brokers: bench.brokers, group: name, home: join(bench.home, name) };
  const commands = Array.from({ length: instances }, (_, index) => inventoryCommand(own, index + 1, { CONSUMER_THROTTLE_MS: throttleMs }));
  const contender = startContenders(name, commands, own.home);
  try {
    await Promise.race([waitShared(bench.brokers, name, instances, partitions), contender.failed]);
    const samples = await Promise.race([
      watchFor(bench, () => committedEnds(bench.admin, own.inventoryTopic, partitions)),
      contender.failed,
    ]);
    await contender.stop();
    const outputs = await readOutputs(bench.brokers, own.inventoryTopic, partitions);
    return { rate: slope(countRecords(samples, outputs.offsets)), repeated: outputs.records - outputs.orders };
  } finally {
    await contender.stop();
    await rm(join(own.home, 'state'), { recursive: true, force: true });
  }
}

/** @returns records of the order topic per second that are in the views of so many instances of analytics-service */
export async function throttledViewRate(bench: Bench, run: GroupRun): Promise<number> {
  const { name, partitions, instances } = run;
  const own = { ...run, brokers: bench.brokers, group: name, home: join(bench.home, name) };
  const commands = Array.from({ length: instances }, (_, index) =>
    analyticsCommand(own, 0, index + 1, { ANALYTICS_THROTTLE_MS: throttleMs }),
  );
  const contender = startContenders(name, commands, own.home);
  try {
    // Both topics are shared out.
    await Promise.race([waitShared(bench.brokers, name, instances, 2 * partitions), contender.failed]);
    const samples = await Promise.race([watchFor(bench, () => committedOf(bench.admin, name)), contender.failed]);
    return slope(countRecords(samples));
  } finally {
    await contender.stop();
    await rm(join(own.home, 'state'), { recursive: true, force: true });
  }
}

/**
 * Waits until a group has so many members, each with a share of so many partitions; 0 of both: until nobody is left in it.
 * @throws ReplaygroundError `bench-stalled`
 */
export async function waitShared(brokers: string, group: string, members: number, partitions: number): Promise<void> {
  using inspector = new KafkaInspector({ 'bootstrap.servers': brokers, 'client.id': 'bench-inspector', log_level: 0 });
  const deadline = performance.now() + joinDeadlineMs;
  for (;;) {
    const found = await inspector.ask('describeGroup', group).catch(() => undefined);
    const shares = (found?.members ?? []).map((member) => groupMember(member).partitions.length);
    const isWhole = shares.reduce((sum, share) => sum + share, 0) === partitions;
    if (shares.length === members && isWhole && shares.every((share) => share > 0)) return;
    if (performance.now() > deadline) throw new ReplaygroundError('bench-stalled', `${group} did not share its partitions: ${shares}`);
    await sleep(50);
  }
}

async function watchFor({ sizes }: Bench, look: () => Promise<Position[]>): Promise<Sample[]> {
  await sleep(settleMs);
  const samples: Sample[] = [];
  const end = performance.now() + sizes.throttledSec * 1000;
  while (performance.now() < end) {
    const positions = await look();
    samples.push({ atMs: performance.now(), positions });
    await sleep(pollMs);
  }
  return samples;
}

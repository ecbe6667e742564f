/** The two consumers of the pipeline as stages that read a prepared log: how fast, how much memory, how much state, how long a restart. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TopicSpec } from '../../src/kafka/admin/side-topics.ts';
import { ReplaygroundError } from '../../src/kafka/errors.ts';
import { freePort } from '../../src/lab/broker/ports.ts';
import { topicSpecs } from '../../src/pipeline/events/topics.ts';
import type { Bench } from '../bench.ts';
import { type Command, type Contender, startContender, startContenders } from '../contender.ts';
import { watchGroup } from '../group-progress.ts';
import { MemorySampler, peakOf } from '../memory-sampler.ts';
import { analyticsCommand, inventoryCommand } from '../our-commands.ts';
import { countRecords, type Pace, pace, type Sample, watch } from '../progress.ts';
import { committedEnds } from '../topic-log.ts';
import { ourTotals } from '../totals.ts';

/** One log and what reads it. */
export type Stage = { name: string; ordersTopic: string; inventoryTopic: string; partitions: number; orders: number };

export type StageResult = Pace & { peakMb: number; stateMb: number };

const healthDeadlineMs = 600_000;

/** @returns names for a stage whose topics nobody else uses */
export const newStage = (name: string, partitions: number, orders: number): Stage => ({
  name: `scale-${name}`,
  ordersTopic: `scale-${name}-orders`,
  inventoryTopic: `scale-${name}-inventory`,
  partitions,
  orders,
});

/** @returns the topics of a stage, with as many partitions as it says */
export const stageTopics = (stage: Stage): TopicSpec[] =>
  topicSpecs(stage).map((spec) =>
    spec.name === stage.ordersTopic || spec.name === stage.inventoryTopic ? { ...spec, partitions: stage.partitions } : spec,
  );

const homeOf = (bench: Bench, stage: Stage, what: string): string => join(bench.home, `${stage.name}-${what}`);
const runOf = (bench: Bench, stage: Stage, what: string) => ({
  ...stage,
  brokers: bench.brokers,
  group: `${stage.name}-${what}`,
  home: homeOf(bench, stage, what),
});

/** Decides all orders. The few control records among the decisions count as records here: one in thousands. */
export async function decideAll(bench: Bench, stage: Stage, instances = 1): Promise<StageResult> {
  const run = runOf(bench, stage, `decide-${instances}`);
  const commands = Array.from({ length: instances }, (_, index) => inventoryCommand(run, index + 1));
  const ends = () => committedEnds(bench.admin, stage.inventoryTopic, stage.partitions);
  return measureStage(startContenders(run.group, commands, run.home), run.home, () => watch(stage.inventoryTopic, ends, stage.orders));
}

/** Reads orders and decisions into the view. @throws ReplaygroundError `bench-wrong-count` where the view does not show all orders */
export async function viewAll(bench: Bench, stage: Stage): Promise<StageResult> {
  const run = runOf(bench, stage, 'view');
  const port = await freePort();
  const contender = startContender(run.group, analyticsCommand(run, port), run.home);
  return measureStage(contender, run.home, async () => {
    const samples = await watchGroup(bench.admin, run.group, stage.orders * 2);
    const { orders, decided = 0 } = await ourTotals(port);
    if (orders !== stage.orders || decided > stage.orders) {
      throw new ReplaygroundError(
        'bench-wrong-count',
        `the view of ${stage.name} shows ${orders} of ${stage.orders} orders, ${decided} decided`,
      );
    }
    return samples;
  });
}

async function measureStage(contender: Contender, home: string, read: () => Promise<Sample[]>): Promise<StageResult> {
  using memory = new MemorySampler(new Map(contender.pids.map((pid) => [String(pid), pid])));
  try {
    const samples = await Promise.race([read(), contender.failed]);
    await contender.stop();
    const peakMb = Math.max(...[...memory.points.values()].map(peakOf));
    return { ...pace(contender.startedAtMs, countRecords(samples)), peakMb, stateMb: (await bytesIn(join(home, 'state'))) / 1e6 };
  } finally {
    await contender.stop();
  }
}

/** Starts a stage that has done its work once more. @returns until it owns its partitions again and reads (s) */
export async function restartSec(bench: Bench, stage: Stage, what: 'decide-1' | 'view', state: 'kept' | 'lost' = 'kept'): Promise<number> {
  const run = runOf(bench, stage, what);
  if (state === 'lost') await rm(join(run.home, 'state'), { recursive: true, force: true });
  const port = await freePort();
  const command: Command = what === 'view' ? analyticsCommand(run, port) : inventoryCommand(run, 1, { INVENTORY_SERVICE_PORT: port });
  const partitions = what === 'view' ? stage.partitions * 2 : stage.partitions;
  const contender = startContender(`${run.group}-again`, command, run.home);
  try {
    await Promise.race([waitOwning(`http://127.0.0.1:${port}/health`, partitions), contender.failed]);
    return (performance.now() - contender.startedAtMs) / 1000;
  } finally {
    await contender.stop();
  }
}

/** inventory-service lists its partitions, analytics-service counts them. */
async function waitOwning(url: string, partitions: number): Promise<void> {
  const deadline = performance.now() + healthDeadlineMs;
  for (;;) {
    const health = await fetch(url).then(
      (response) => response.json() as Promise<{ partitions?: number | number[] }>,
      () => undefined,
    );
    const owned = Array.isArray(health?.partitions) ? health.partitions.length : health?.partitions;
    if (owned === partitions) return;
    if (performance.now() > deadline) throw new ReplaygroundError('bench-stalled', `${url} does not own ${partitions} partitions`);
    await sleep(25);
  }
}

/** Deletes the state of a stage. */
export async function clear(bench: Bench, stage: Stage): Promise<void> {
  for (const what of ['decide-1', 'view']) await rm(homeOf(bench, stage, what), { recursive: true, force: true });
}

/** @returns bytes of all files below a folder; 0 where it does not exist */
async function bytesIn(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = files.filter((file) => file.isFile()).map((file) => stat(join(file.parentPath, file.name)));
  return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
}

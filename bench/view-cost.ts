/** What three instances of analytics-service cost over one under the same load: processor time and memory of all their processes. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTopics } from '../src/kafka/admin/admin.ts';
import { freePort } from '../src/lab/broker/ports.ts';
import { areOfWholeLog, type Metrics } from '../src/pipeline/analytics/metrics.ts';
import { topicSpecs } from '../src/pipeline/events/topics.ts';
import type { Bench } from './bench.ts';
import { startContenders } from './contender.ts';
import { cpuSeconds } from './cpu-time.ts';
import { measure } from './measures.ts';
import { MemorySampler, peakOf } from './memory-sampler.ts';
import { analyticsCommand } from './our-commands.ts';
import { pollUntil } from './poll.ts';
import { prepareTopics, topicsOf } from './preload.ts';
import type { Check, Measure } from './result.ts';
import { waitShared } from './shared-group.ts';
import { interleave } from './statistics.ts';
import { partitionCount } from './topic-log.ts';

/** Processor time hardly differs from round to round. */
const mostRounds = 3;

type Cost = { cpuSec: number; peakMb: number; totals: string };

/** The instances are up and share the partitions before the first order comes, so that their start is not in it. */
export async function viewCost(bench: Bench): Promise<{ measures: Measure[]; checks: Check[] }> {
  const { orders } = bench.sizes;
  const rounds = Math.min(bench.rounds, mostRounds);
  const costs = await interleave(['3', '1'], { rounds, warmUp: false }, async (instances, round) => {
    const cost = await measureCost(bench, `bench-cost-${instances}-${round}`, Number(instances));
    const who = instances === '1' ? 'one instance' : 'three instances';
    bench.say(`cost of the view, ${who}, round ${round}: ${cost.cpuSec.toFixed(1)} s of processor time, ${cost.peakMb.toFixed(0)} MB`);
    return cost;
  });
  const compared = (name: string, unit: 's' | 'MB', figure: (cost: Cost) => number): Measure =>
    measure({ name, unit }, costs['3'].map(figure), { name: 'one instance of analytics-service', rounds: costs['1'].map(figure) });
  const all = [...costs['3'], ...costs['1']].map(({ totals }) => totals);
  return {
    measures: [
      compared(`processor time of three instances of analytics-service for ${orders} orders`, 's', ({ cpuSec }) => cpuSec),
      compared('memory of three instances of analytics-service, peaks added up', 'MB', ({ peakMb }) => peakMb),
    ],
    checks: [
      { claim: `three instances show what one shows, in ${all.length} runs`, held: new Set(all).size === 1, detail: all[0] ?? 'no run' },
    ],
  };
}

async function measureCost(bench: Bench, name: string, instances: number): Promise<Cost> {
  const { orders } = bench.sizes;
  const run = { ...topicsOf(name), brokers: bench.brokers, group: name, home: join(bench.home, name) };
  await ensureTopics(bench.admin, topicSpecs(run));
  const ports: number[] = [];
  for (let instance = 1; instance <= instances; instance++) ports.push(await freePort());
  const commands = ports.map((port, index) => analyticsCommand(run, port, index + 1));
  const contender = startContenders(name, commands, run.home);
  using memory = new MemorySampler(new Map(contender.pids.map((pid) => [String(pid), pid])));
  try {
    await Promise.race([waitShared(bench.brokers, name, instances, 2 * partitionCount), contender.failed]);
    const before = await cpuSeconds(contender.pids);
    await Promise.race([prepareTopics(bench, name, orders), contender.failed]);
    const isWhole = (metrics: Metrics): boolean => areOfWholeLog(metrics) && metrics.decided_orders === orders;
    const { total_orders, total_reservations, failed_orders, duplicates_ignored } = await Promise.race([
      pollUntil(`http://127.0.0.1:${ports[0]}/metrics`, isWhole, { everyMs: 250, deadlineMs: 120_000 }),
      contender.failed,
    ]);
    const after = await cpuSeconds(contender.pids);
    return {
      cpuSec: contender.pids.reduce((sum, pid) => sum + (after.get(pid) ?? Number.NaN) - (before.get(pid) ?? Number.NaN), 0),
      peakMb: [...memory.points.values()].reduce((sum, points) => sum + peakOf(points), 0),
      totals: JSON.stringify({ total_orders, total_reservations, failed_orders, duplicates_ignored }),
    };
  } finally {
    await contender.stop();
    await rm(join(run.home, 'state'), { recursive: true, force: true });
  }
}

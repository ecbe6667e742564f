/** How long analytics-service takes to start on a view that it kept: one instance and three, after a stop and after kill -9. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../src/lab/broker/ports.ts';
import { areOfWholeLog, type Metrics } from '../src/pipeline/analytics/metrics.ts';
import type { Bench } from './bench.ts';
import { type Command, type Contender, startContenders } from './contender.ts';
import { measure } from './measures.ts';
import { analyticsCommand } from './our-commands.ts';
import { pollUntil } from './poll.ts';
import { prepareTopics, type Topics } from './preload.ts';
import type { Check, Findings, Measure } from './result.ts';
import { waitShared } from './shared-group.ts';
import { partitionCount } from './topic-log.ts';

/** What a start takes hardly differs from round to round. */
const mostRounds = 3;
const pollMs = 20;
const startDeadlineMs = 60_000;
const fillDeadlineMs = 900_000;
const promisedSec = 2;

const groups = [
  { who: 'one instance', instances: 1 },
  { who: 'three instances', instances: 3 },
] as const;

type View = { group: string; home: string; ports: number[]; commands: Command[] };
/** Seconds since the first process was started, until the last instance was as far. */
type Start = { rightSec: number; readingSec: number };

/** All instances of a group are started at once; each of them has to tell the whole. */
export async function benchRestart(bench: Bench): Promise<Findings> {
  const orders = bench.sizes.manyOrders;
  const rounds = Math.min(bench.rounds, mostRounds);
  const topics = await prepareTopics(bench, 'bench-restart', orders);
  const measures: Measure[] = [];
  const checks: Check[] = [];
  for (const { who, instances } of groups) {
    const view = await newView(bench, topics, instances);
    const before = await fill(bench, view, orders);
    const answers = new Answers(before.digest);
    const starts = { stop: [] as Start[], kill: [] as Start[] };
    for (let round = 1; round <= rounds; round++) {
      starts.stop.push(await timeStart(view, answers, 'SIGKILL'));
      // Members that were killed are in the group until their session is over: that would be Kafka's time, not that of the start.
      await waitShared(bench.brokers, view.group, 0, 0);
      starts.kill.push(await timeStart(view, answers, 'SIGTERM'));
      const [stop, kill] = [starts.stop, starts.kill].map((of) => of.at(-1)?.rightSec.toFixed(2));
      bench.say(`restart, ${who}, round ${round}: right after ${stop} s, after kill -9 ${kill} s`);
    }
    measures.push(...measuresOf(`${who}, after a stop`, starts.stop), ...measuresOf(`${who}, after kill -9`, starts.kill));
    checks.push({
      claim: `${who}: no answer said that it was of the whole log and had another digest`,
      held: answers.wrong === 0,
      detail: `${answers.asked} answers, ${before.digest}`,
    });
    await rm(join(view.home, 'state'), { recursive: true, force: true });
  }
  return { rounds, settings: { 'orders that are there': orders, partitions: partitionCount }, measures, checks };
}

const measuresOf = (about: string, starts: readonly Start[]): Measure[] => [
  measure(
    { name: `${about}, until GET /metrics is right`, unit: 's', target: { of: 'ours', below: promisedSec } },
    starts.map(({ rightSec }) => rightSec),
  ),
  measure(
    { name: `${about}, until all partitions are read`, unit: 's' },
    starts.map(({ readingSec }) => readingSec),
  ),
];

/** What was answered to all that asked. */
class Answers {
  readonly digest: string;
  asked = 0;
  wrong = 0;

  constructor(digest: string) {
    this.digest = digest;
  }

  isRight(metrics: Metrics): boolean {
    this.asked += 1;
    if (!areOfWholeLog(metrics)) return false;
    if (metrics.digest !== this.digest) this.wrong += 1;
    return metrics.digest === this.digest;
  }
}

async function newView(bench: Bench, topics: Topics, instances: number): Promise<View> {
  const group = `bench-restart-${instances}`;
  const run = { ...topics, brokers: bench.brokers, group, home: join(bench.home, group) };
  const ports: number[] = [];
  for (let instance = 1; instance <= instances; instance++) ports.push(await freePort());
  return { group, home: run.home, ports, commands: ports.map((port, index) => analyticsCommand(run, port, index + 1)) };
}

/** Reads everything for the first time. @returns the view of it */
async function fill(bench: Bench, view: View, orders: number): Promise<Metrics> {
  bench.say(`${view.group}: reading ${orders} orders and the decisions on them`);
  const contender = startContenders(view.group, view.commands, view.home);
  try {
    const isWhole = (metrics: Metrics): boolean => areOfWholeLog(metrics) && metrics.decided_orders === orders;
    const asked = view.ports.map((port) => pollUntil(metricsOf(port), isWhole, { everyMs: 500, deadlineMs: fillDeadlineMs }));
    const [first] = await unlessFailed(contender, asked);
    return first as Metrics;
  } finally {
    await contender.stop();
  }
}

/** @param end how the instances are ended once they are up */
async function timeStart(view: View, answers: Answers, end: NodeJS.Signals): Promise<Start> {
  const contender = startContenders(view.group, view.commands, view.home);
  const often = { everyMs: pollMs, deadlineMs: startDeadlineMs };
  const share = (2 * partitionCount) / view.ports.length;
  const isReading = ({ status, partitions }: { status: string; partitions: number }): boolean => status === 'ok' && partitions === share;
  const since = (): number => (performance.now() - contender.startedAtMs) / 1000;
  try {
    const [right, reading] = await unlessFailed(contender, [
      Promise.all(view.ports.map((port) => pollUntil<Metrics>(metricsOf(port), (one) => answers.isRight(one), often).then(since))),
      Promise.all(view.ports.map((port) => pollUntil(`http://127.0.0.1:${port}/health`, isReading, often).then(since))),
    ]);
    return { rightSec: Math.max(...(right as number[])), readingSec: Math.max(...(reading as number[])) };
  } finally {
    await contender.stop(end);
  }
}

const metricsOf = (port: number): string => `http://127.0.0.1:${port}/metrics`;

const unlessFailed = <T>({ failed }: Contender, all: readonly Promise<T>[]): Promise<T[]> => Promise.race([Promise.all(all), failed]);

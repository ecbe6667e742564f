/** The view of analytics-service against a Kafka Streams program that aggregates both topics with the same de-duplication. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../src/lab/broker/ports.ts';
import type { Bench } from './bench.ts';
import { type Command, type Contender, startContender } from './contender.ts';
import { watchGroup } from './group-progress.ts';
import { viewCommand } from './kafka-streams-peer.ts';
import { paceMeasures } from './measures.ts';
import { analyticsCommand } from './our-commands.ts';
import { type PreparedLog, prepareLog } from './preload.ts';
import { countRecords, type Pace, pace } from './progress.ts';
import type { Findings } from './result.ts';
import { interleave } from './statistics.ts';
import { partitionCount } from './topic-log.ts';
import { equalTotals, ourTotals, peerTotals, type Totals } from './totals.ts';

const contenders = ['ours', 'Kafka Streams'] as const;
type Who = (typeof contenders)[number];

/** All read the same two topics from their beginning in turn, each run with a group and a state folder of its own. */
export async function benchView(bench: Bench): Promise<Findings> {
  const log = await prepareLog(bench, 'bench-view', bench.sizes.orders);
  const found: { name: string; totals: Totals }[] = [];
  const paces = await interleave<Who, Pace>(contenders, bench, async (who, round) => {
    const name = `view-${contenders.indexOf(who)}-${round}`;
    const run = { ...log, brokers: bench.brokers, group: `bench-${name}`, home: join(bench.home, name) };
    const port = await freePort();
    const command =
      who === 'ours' ? analyticsCommand(run, port) : await viewCommand({ ...run, stateDir: join(run.home, 'state'), threads: 1 }, port);
    const { pace: result, totals } = await measureView(bench, { name, command, log, group: run.group, home: run.home }, () =>
      who === 'ours' ? ourTotals(port) : peerTotals(port),
    );
    found.push({ name: `${who}, round ${round}`, totals });
    bench.say(`view, ${who}, round ${round}: ${Math.round(result.steadyRate)} records/s, ${result.totalSec.toFixed(2)} s in all`);
    return result;
  });
  return {
    settings: {
      orders: bench.sizes.orders,
      'records of both topics': log.records,
      partitions: partitionCount,
      'commit interval (ms)': 100,
    },
    measures: paceMeasures(
      'one against one stream thread',
      { name: undefined, paces: paces.ours },
      { name: 'Kafka Streams', paces: paces['Kafka Streams'] },
      { of: 'ratio', atLeast: 1.5 },
    ),
    checks: [equalTotals(found)],
  };
}

type ViewRun = { name: string; command: Command; log: PreparedLog; group: string; home: string };

/** Until the group has committed the whole log; then asks for the totals. */
async function measureView(bench: Bench, run: ViewRun, totalsOf: () => Promise<Totals>): Promise<{ pace: Pace; totals: Totals }> {
  const contender: Contender = startContender(run.name, run.command, run.home);
  try {
    const samples = await Promise.race([watchGroup(bench.admin, run.group, run.log.records), contender.failed]);
    const totals = await totalsOf();
    return { pace: pace(contender.startedAtMs, countRecords(samples, run.log.offsets)), totals };
  } finally {
    await contender.stop();
    await rm(join(run.home, 'state'), { recursive: true, force: true });
  }
}

/** The exactly-once loop of inventory-service against a Kafka Streams program that does the same job on the same orders. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { topicSpecs } from '../src/events/topics.ts';
import { ensureTopics } from '../src/kafka/admin.ts';
import { projectRoot } from '../src/settings/read-settings.ts';
import type { Bench } from './bench.ts';
import { type Command, startContender } from './contender.ts';
import { peerCommand } from './kafka-streams-peer.ts';
import { differences, type Outputs, readOutputs } from './outputs.ts';
import { preloadOrders } from './preload.ts';
import { type Pace, pace, watchEnds } from './progress.ts';
import { compare, interleave, type Row } from './statistics.ts';
import { partitionCount } from './topic-log.ts';

const failRate = 0.05;
const seed = 'replayground';
const ordersTopic = 'bench-orders';

/** Rows of the table, what was written in our first run, and whether all runs wrote the same. */
export type ExactlyOnceResult = { rows: Row[]; outputs: ComparedOutputs };

export type ComparedOutputs = Omit<Outputs, 'offsets'> & { equal: boolean; differences: string[] };

type Run = { inventoryTopic: string; group: string; folder: string };

/** Preloads one orders topic, then lets both read it from its beginning in turn, each run with a group and a topic of its own. */
export async function benchExactlyOnce(bench: Bench): Promise<ExactlyOnceResult> {
  await ensureTopics(bench.admin, [{ name: ordersTopic, partitions: partitionCount, config: {} }]);
  bench.say(`preloading ${bench.orders} orders`);
  await preloadOrders(bench.brokers, ordersTopic, bench.orders);

  const outputs: Outputs[] = [];
  const found: string[] = [];
  const paces = await interleave(bench.rounds, async (who, round) => {
    const name = `${who}-${round}`;
    const run = { inventoryTopic: `bench-inventory-${name}`, group: `bench-exactly-once-${name}`, folder: join(bench.home, name) };
    await ensureTopics(bench.admin, topicSpecs({ ordersTopic, inventoryTopic: run.inventoryTopic }));
    const command = who === 'ours' ? oursCommand(bench, run) : await streamsCommand(bench, run);
    const result = await measure(bench, name, command, run);
    const first = outputs[0] ?? result.outputs;
    outputs.push(result.outputs);
    found.push(...differences(first, result.outputs).map((difference) => `ours-0 and ${name}, ${difference}`));
    bench.say(`exactly once, ${name}: ${Math.round(result.pace.steadyRate)} orders/s, ${result.pace.totalSec.toFixed(2)} s in all`);
    return result.pace;
  });
  const [{ offsets: _, ...first }] = outputs as [Outputs];
  return { rows: compare('exactly once', paces), outputs: { ...first, equal: found.length === 0, differences: found } };
}

async function measure(bench: Bench, name: string, command: Command, run: Run): Promise<{ pace: Pace; outputs: Outputs }> {
  const contender = startContender(name, command, run.folder);
  try {
    const samples = await Promise.race([watchEnds(bench.admin, run.inventoryTopic, bench.orders), contender.failed]);
    await contender.stop();
    const outputs = await readOutputs(bench.brokers, run.inventoryTopic);
    return { pace: pace(contender.startedAtMs, samples, outputs.offsets), outputs };
  } finally {
    await contender.stop();
    await rm(join(run.folder, 'state'), { recursive: true, force: true });
  }
}

const oursCommand = (bench: Bench, run: Run): Command => ({
  command: process.execPath,
  args: [join(projectRoot, 'src', 'inventory', 'main.ts')],
  env: {
    // As the lab starts it.
    UV_THREADPOOL_SIZE: '8',
    KAFKA_BROKERS: bench.brokers,
    ORDERS_TOPIC: ordersTopic,
    INVENTORY_TOPIC: run.inventoryTopic,
    INVENTORY_GROUP_ID: run.group,
    LAB_HOME: join(run.folder, 'state'),
    INVENTORY_FAIL_RATE: String(failRate),
    FAIL_SEED: seed,
  },
});

const streamsCommand = (bench: Bench, run: Run): Promise<Command> =>
  peerCommand({
    brokers: bench.brokers,
    ordersTopic,
    inventoryTopic: run.inventoryTopic,
    applicationId: run.group,
    threads: bench.peerThreads,
    stateDir: join(run.folder, 'state'),
    failRate,
    seed,
  });

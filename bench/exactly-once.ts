/** The exactly-once loop of inventory-service against a Kafka Streams program that does the same job on the same orders. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTopics } from '../src/kafka/admin/admin.ts';
import type { GroupProtocol } from '../src/kafka/consumer/group-protocol.ts';
import { topicSpecs } from '../src/pipeline/events/topics.ts';
import type { Bench } from './bench.ts';
import { type Command, startContenders } from './contender.ts';
import { decideCommand } from './kafka-streams-peer.ts';
import { paceMeasures } from './measures.ts';
import { faults, inventoryCommand } from './our-commands.ts';
import { equalOutputs, type Outputs, readOutputs } from './outputs.ts';
import { preloadOrders } from './preload.ts';
import { countRecords, type Pace, pace, watch } from './progress.ts';
import type { Findings } from './result.ts';
import { interleave } from './statistics.ts';
import { committedEnds, partitionCount } from './topic-log.ts';

const ordersTopic = 'bench-orders';

type Run = { ordersTopic: string; inventoryTopic: string; group: string; folder: string };

const contenders = [
  'ours, one instance',
  'Kafka Streams, one thread',
  // The others go by the classic group protocol, as by default.
  'ours, group protocol consumer',
  'ours, three instances',
  'Kafka Streams, three threads',
] as const;
type Who = (typeof contenders)[number];

/** Preloads one orders topic, then lets all read it from its beginning in turn, each run with a group and a topic of its own. */
export async function benchExactlyOnce(bench: Bench): Promise<Findings> {
  await ensureTopics(bench.admin, [{ name: ordersTopic, partitions: partitionCount, config: {} }]);
  bench.say(`exactly once: preloading ${bench.sizes.orders} orders`);
  await preloadOrders(bench.brokers, ordersTopic, bench.sizes.orders);

  const outputs: { name: string; outputs: Outputs }[] = [];
  // With one round there is nothing to learn from three on two cores.
  const names = bench.rounds > 1 ? contenders : contenders.slice(0, 3);
  const paces = await interleave<Who, Pace>(names, bench, async (who, round) => {
    const name = `exactly-once-${contenders.indexOf(who)}-${round}`;
    const run = { ordersTopic, inventoryTopic: `bench-inventory-${name}`, group: `bench-${name}`, folder: join(bench.home, name) };
    await ensureTopics(bench.admin, topicSpecs(run));
    const result = await measureDecisions(bench, name, await commandsOf(bench, who, run), run, bench.sizes.orders);
    outputs.push({ name: `${who}, round ${round}`, outputs: result.outputs });
    bench.say(
      `exactly once, ${who}, round ${round}: ${Math.round(result.pace.steadyRate)} orders/s, ${result.pace.totalSec.toFixed(2)} s in all`,
    );
    return result.pace;
  });
  const of = <Name extends Who>(name: Name) => ({ name, paces: paces[name] });
  const [one, oneThread, consumer, three, threeThreads] = contenders;
  return {
    settings: { orders: bench.sizes.orders, partitions: partitionCount, 'commit interval (ms)': 100, 'duplicate orders': '1%', ...faults },
    measures: [
      ...paceMeasures('one instance against one stream thread', of(one), of(oneThread), { of: 'ratio', atLeast: 1.5 }),
      ...paceMeasures('one instance, group protocol consumer against classic', of(consumer), of(one)),
      ...(names.length > 3
        ? [
            ...paceMeasures('three instances against three stream threads', of(three), of(threeThreads), { of: 'ratio', atLeast: 1.2 }),
            ...paceMeasures('one instance against three stream threads', of(one), of(threeThreads)).slice(0, 1),
          ]
        : []),
    ],
    checks: [equalOutputs(outputs)],
  };
}

/** Starts them, waits until all decisions are visible, and reads what was written. */
export async function measureDecisions(
  bench: Bench,
  name: string,
  commands: readonly Command[],
  run: Run,
  orders: number,
  partitions = partitionCount,
): Promise<{ pace: Pace; outputs: Outputs }> {
  const contender = startContenders(name, commands, run.folder);
  try {
    const ends = () => committedEnds(bench.admin, run.inventoryTopic, partitions);
    const samples = await Promise.race([watch(run.inventoryTopic, ends, orders), contender.failed]);
    await contender.stop();
    const outputs = await readOutputs(bench.brokers, run.inventoryTopic, partitions);
    return { pace: pace(contender.startedAtMs, countRecords(samples, outputs.offsets)), outputs };
  } finally {
    await contender.stop();
    await rm(join(run.folder, 'state'), { recursive: true, force: true });
  }
}

async function commandsOf(bench: Bench, who: Who, run: Run): Promise<Command[]> {
  const { brokers } = bench;
  const home = join(run.folder, 'state');
  const count = who.includes('three') ? 3 : 1;
  if (who.startsWith('ours')) {
    const protocol: GroupProtocol = who.includes('consumer') ? 'consumer' : 'classic';
    return Array.from({ length: count }, (_, index) =>
      inventoryCommand({ ...run, brokers, home }, index + 1, { GROUP_PROTOCOL: protocol }),
    );
  }
  return [await decideCommand({ ...run, brokers, stateDir: home, threads: count })];
}

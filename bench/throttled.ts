/** Three instances against one, where the handler is what takes the time: does scaling out give what it promises? */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReplaygroundError } from '../src/errors.ts';
import { topicSpecs } from '../src/events/topics.ts';
import { ensureTopics } from '../src/kafka/admin.ts';
import { groupMember } from '../src/kafka/group-state.ts';
import { KafkaInspector } from '../src/kafka/inspector.ts';
import type { Bench } from './bench.ts';
import { startContenders } from './contender.ts';
import { measure } from './measures.ts';
import { inventoryCommand } from './our-commands.ts';
import { readOutputs } from './outputs.ts';
import { preloadOrders } from './preload.ts';
import { countRecords, type Sample, slope } from './progress.ts';
import type { Check, Findings } from './result.ts';
import { interleave } from './statistics.ts';
import { committedEnds, partitionCount } from './topic-log.ts';

const ordersTopic = 'bench-throttled-orders';
const throttleMs = 2;
/** After the partitions are given out, for what was fetched before (ms). */
const settleMs = 1000;
const joinDeadlineMs = 60_000;
const pollMs = 20;

/** Each run measures a span of time, not a number of orders: all partitions have records throughout. */
export async function benchThrottled(bench: Bench): Promise<Findings> {
  const { brokers, admin, sizes, say } = bench;
  const orders = Math.ceil(((sizes.throttledSec * 1000 + settleMs) / throttleMs) * 3 * 3);
  await ensureTopics(admin, [{ name: ordersTopic, partitions: partitionCount, config: {} }]);
  say(`throttled: preloading ${orders} orders`);
  await preloadOrders(brokers, ordersTopic, orders);
  using inspector = new KafkaInspector({ 'bootstrap.servers': brokers, 'client.id': 'bench-inspector', log_level: 0 });
  let repeated = 0;
  const rates = await interleave(['3', '1'], { rounds: bench.rounds, warmUp: false }, async (instances, round) => {
    const name = `throttled-${instances}-${round}`;
    const run = { ordersTopic, inventoryTopic: `bench-${name}`, group: `bench-${name}`, brokers, home: join(bench.home, name) };
    await ensureTopics(admin, topicSpecs(run));
    const commands = Array.from({ length: Number(instances) }, (_, index) =>
      inventoryCommand(run, index + 1, { CONSUMER_THROTTLE_MS: throttleMs }),
    );
    const contender = startContenders(name, commands, run.home);
    try {
      const samples = await Promise.race([watchShared(bench, inspector, run, Number(instances)), contender.failed]);
      await contender.stop();
      const outputs = await readOutputs(brokers, run.inventoryTopic);
      repeated += outputs.records - outputs.orders;
      const rate = slope(countRecords(samples, outputs.offsets));
      say(`throttled, ${instances} ${instances === '1' ? 'instance' : 'instances'}, round ${round}: ${rate.toFixed(0)} orders/s`);
      return rate;
    } finally {
      await contender.stop();
      await rm(join(run.home, 'state'), { recursive: true, force: true });
    }
  });
  const once: Check = { claim: 'no order was decided twice', held: repeated === 0, detail: `${repeated} repeated decisions in all runs` };
  return {
    settings: { 'throttle (ms per order)': throttleMs, 'seconds measured': sizes.throttledSec, partitions: partitionCount },
    measures: [
      measure(
        { name: 'throttled handler, three instances against one', unit: 'orders/s', target: { of: 'ratio', atLeast: 2.9 } },
        rates['3'],
        {
          name: 'one instance',
          rounds: rates['1'],
        },
      ),
    ],
    checks: [once],
  };
}

type Shared = { group: string; inventoryTopic: string };

/** Waits until the partitions are shared out evenly, then watches for the span of the measurement. */
async function watchShared({ admin, sizes }: Bench, inspector: KafkaInspector, run: Shared, members: number): Promise<Sample[]> {
  const deadline = performance.now() + joinDeadlineMs;
  for (;;) {
    const group = await inspector.ask('describeGroup', run.group).catch(() => undefined);
    const shares = (group?.members ?? []).map((member) => groupMember(member).partitions.length);
    if (shares.length === members && shares.every((share) => share === partitionCount / members)) break;
    if (performance.now() > deadline) throw new ReplaygroundError('bench-stalled', `${run.group} did not share its partitions: ${shares}`);
    await sleep(50);
  }
  await sleep(settleMs);
  const samples: Sample[] = [];
  const end = performance.now() + sizes.throttledSec * 1000;
  while (performance.now() < end) {
    const positions = await committedEnds(admin, run.inventoryTopic);
    samples.push({ atMs: performance.now(), positions });
    await sleep(pollMs);
  }
  return samples;
}

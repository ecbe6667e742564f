/** Three instances against one, where the handler is what takes the time: does scaling out give what it promises, and what does it cost? */

import { ensureTopics } from '../src/kafka/admin/admin.ts';
import { topicSpecs } from '../src/pipeline/events/topics.ts';
import type { Bench } from './bench.ts';
import { measure } from './measures.ts';
import { preloadOrders } from './preload.ts';
import type { Findings } from './result.ts';
import { ordersFor, throttledRate, throttledViewRate, throttleMs } from './shared-group.ts';
import { interleave } from './statistics.ts';
import { partitionCount } from './topic-log.ts';
import { viewCost } from './view-cost.ts';

const ordersTopic = 'bench-throttled-orders';

/** Each run measures a span of time, not a number of orders: all partitions have records throughout. */
export async function benchThrottled(bench: Bench): Promise<Findings> {
  const orders = ordersFor(bench.sizes, 3);
  await ensureTopics(bench.admin, [{ name: ordersTopic, partitions: partitionCount, config: {} }]);
  bench.say(`throttled: preloading ${orders} orders`);
  await preloadOrders(bench.brokers, ordersTopic, orders);
  const runs = await interleave(['3', '1'], { rounds: bench.rounds, warmUp: false }, async (instances, round) => {
    const name = `bench-throttled-${instances}-${round}`;
    const topics = { ordersTopic, inventoryTopic: name };
    await ensureTopics(bench.admin, topicSpecs(topics));
    const run = await throttledRate(bench, { ...topics, name, partitions: partitionCount, instances: Number(instances) });
    bench.say(`throttled, ${instances === '1' ? 'one instance' : 'three instances'}, round ${round}: ${run.rate.toFixed(0)} orders/s`);
    return run;
  });
  const views = await interleave(['3', '1'], { rounds: bench.rounds, warmUp: false }, async (instances, round) => {
    const name = `bench-throttled-view-${instances}-${round}`;
    const topics = { ordersTopic, inventoryTopic: name };
    await ensureTopics(bench.admin, topicSpecs(topics));
    const rate = await throttledViewRate(bench, { ...topics, name, partitions: partitionCount, instances: Number(instances) });
    bench.say(`throttled view, ${instances === '1' ? 'one instance' : 'three instances'}, round ${round}: ${rate.toFixed(0)} orders/s`);
    return rate;
  });
  const cost = await viewCost(bench);
  const repeated = [...runs['1'], ...runs['3']].reduce((sum, run) => sum + run.repeated, 0);
  return {
    settings: { 'throttle (ms per order)': throttleMs, 'seconds measured': bench.sizes.throttledSec, partitions: partitionCount },
    measures: [
      measure(
        { name: 'three instances against one', unit: 'orders/s', target: { of: 'ratio', atLeast: 2.9 } },
        runs['3'].map(({ rate }) => rate),
        { name: 'one instance', rounds: runs['1'].map(({ rate }) => rate) },
      ),
      measure(
        { name: 'three instances of analytics-service against one', unit: 'orders/s', target: { of: 'ratio', atLeast: 2.9 } },
        views['3'],
        {
          name: 'one instance of analytics-service',
          rounds: views['1'],
        },
      ),
      ...cost.measures,
    ],
    checks: [
      { claim: 'no order was decided twice', held: repeated === 0, detail: `${repeated} repeated decisions in all runs` },
      ...cost.checks,
    ],
  };
}

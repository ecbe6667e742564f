/** From one partition to twelve, and from one instance to six on six partitions: with and without a throttled handler. */
import { ensureTopics } from '../../src/kafka/admin/admin.ts';
import type { Bench } from '../bench.ts';
import { preloadOrders } from '../preload.ts';
import type { Curve, Grid } from '../result.ts';
import { ordersFor, throttledRate, throttleMs } from '../shared-group.ts';
import { decideAll, newStage, stageTopics, viewAll } from './stages.ts';

const partitionCounts = [1, 2, 3, 6, 12];
const instanceCounts = [1, 2, 3, 4, 5, 6];
const partitionsOfInstances = 6;
/** A third of a usual run: this makes many of them. */
const shareOfOrders = 1 / 3;

export async function byPartitions(bench: Bench): Promise<{ grids: Grid[]; curves: Curve[] }> {
  const orders = Math.ceil(bench.sizes.orders * shareOfOrders);
  const rows: number[][] = [];
  for (const partitions of partitionCounts) {
    const stage = newStage(`partitions-${partitions}`, partitions, orders);
    await ensureTopics(bench.admin, stageTopics(stage));
    await preloadOrders(bench.brokers, stage.ordersTopic, orders);
    const decided = await decideAll(bench, stage);
    const view = await viewAll(bench, stage);
    rows.push([partitions, decided.steadyRate, view.steadyRate, decided.peakMb, view.peakMb]);
    bench.say(
      `scale, ${partitions} partitions: decide ${Math.round(decided.steadyRate)} orders/s, view ${Math.round(view.steadyRate)} records/s`,
    );
  }
  const columns = ['partitions', 'decide orders/s', 'view records/s', 'inventory peak MB', 'analytics peak MB'];
  return {
    grids: [{ title: `With the number of partitions (${orders} orders, one instance)`, columns, rows }],
    curves: [curve('scale-partitions', 'Speed with the number of partitions', 'partitions', columns, rows)],
  };
}

export async function byInstances(bench: Bench): Promise<{ grids: Grid[]; curves: Curve[] }> {
  const orders = Math.max(Math.ceil(bench.sizes.orders * shareOfOrders), ordersFor(bench.sizes, partitionsOfInstances));
  const source = newStage('instances', partitionsOfInstances, orders);
  await ensureTopics(bench.admin, stageTopics(source));
  await preloadOrders(bench.brokers, source.ordersTopic, orders);
  const rows: number[][] = [];
  for (const instances of instanceCounts) {
    const stage = { ...newStage(`instances-${instances}`, partitionsOfInstances, orders), ordersTopic: source.ordersTopic };
    const slowed = { ...newStage(`throttled-${instances}`, partitionsOfInstances, orders), ordersTopic: source.ordersTopic };
    for (const one of [stage, slowed]) await ensureTopics(bench.admin, stageTopics(one));
    const decided = await decideAll(bench, stage, instances);
    const { rate } = await throttledRate(bench, { ...slowed, instances });
    rows.push([instances, decided.steadyRate, rate, decided.peakMb]);
    bench.say(`scale, ${instances} instances: ${Math.round(decided.steadyRate)} orders/s, throttled ${Math.round(rate)} orders/s`);
  }
  const columns = ['instances', 'decide orders/s', `throttled by ${throttleMs} ms, orders/s`, 'greatest peak MB'];
  return {
    grids: [{ title: `With the number of instances (${orders} orders, six partitions)`, columns, rows }],
    curves: [curve('scale-instances', 'Speed with the number of instances', 'instances', columns, rows)],
  };
}

/** The second and third column over the first. */
const curve = (file: string, title: string, x: string, columns: readonly string[], rows: readonly number[][]): Curve => ({
  file,
  title,
  x,
  y: 'per second',
  logY: true,
  lines: [1, 2].map((column) => ({ name: columns[column] ?? '', points: rows.map((row) => [row[0] ?? 0, row[column] ?? 0]) })),
});

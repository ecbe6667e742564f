/** From ten thousand orders to many: time, memory, state, restart. */
import { ensureTopics } from '../../src/kafka/admin/admin.ts';
import { publishBurst } from '../../src/pipeline/orders/burst.ts';
import { readSettings } from '../../src/pipeline/settings/read-settings.ts';
import type { Bench } from '../bench.ts';
import type { Curve, Grid } from '../result.ts';
import { partitionCount } from '../topic-log.ts';
import { clear, decideAll, newStage, restartSec, stageTopics, viewAll } from './stages.ts';

const first = 10_000;

type Row = {
  orders: number;
  produceSec: number;
  decideSec: number;
  viewSec: number;
  decideMb: number;
  viewMb: number;
  decidedStateMb: number;
  viewStateMb: number;
  decideAgainSec: number;
  decideRebuildSec: number;
  viewAgainSec: number;
};

export async function byOrders(bench: Bench): Promise<{ grids: Grid[]; curves: Curve[] }> {
  const rows: Row[] = [];
  for (let orders = first; orders <= bench.sizes.scaleTo; orders *= 10) {
    const row = await measureRow(bench, orders);
    rows.push(row);
    bench.say(
      `scale, ${orders} orders: produce ${row.produceSec.toFixed(1)} s, decide ${row.decideSec.toFixed(1)} s, view ${row.viewSec.toFixed(1)} s`,
    );
  }
  return { grids: [grid(rows)], curves: curves(rows) };
}

async function measureRow(bench: Bench, orders: number): Promise<Row> {
  const stage = newStage(`orders-${orders}`, partitionCount, orders);
  await ensureTopics(bench.admin, stageTopics(stage));
  const settings = readSettings({ KAFKA_BROKERS: bench.brokers });
  const burst = await publishBurst({
    settings,
    topic: stage.ordersTopic,
    count: orders,
    failRate: 0,
    seed: 'bench',
    runId: `scale${orders}`,
  });
  const decided = await decideAll(bench, stage);
  const decideAgainSec = await restartSec(bench, stage, 'decide-1');
  const decideRebuildSec = await restartSec(bench, stage, 'decide-1', 'lost');
  const view = await viewAll(bench, stage);
  const viewAgainSec = await restartSec(bench, stage, 'view');
  await clear(bench, stage);
  return {
    orders,
    produceSec: burst.durationMs / 1000,
    decideSec: decided.totalSec,
    viewSec: view.totalSec,
    decideMb: decided.peakMb,
    viewMb: view.peakMb,
    decidedStateMb: decided.stateMb,
    viewStateMb: view.stateMb,
    decideAgainSec,
    decideRebuildSec,
    viewAgainSec,
  };
}

const grid = (rows: readonly Row[]): Grid => ({
  title: 'With the number of orders (three partitions, one instance of each service, start-up included)',
  columns: [
    'orders',
    'produce s',
    'decide s',
    'view s',
    'inventory peak MB',
    'analytics peak MB',
    'decided store MB',
    'view store MB',
    'inventory restart s',
    'inventory rebuild s',
    'analytics restart s',
  ],
  rows: rows.map((row) => Object.values(row)),
});

function curves(rows: readonly Row[]): Curve[] {
  const line = (name: string, figure: keyof Row) => ({ name, points: rows.map((row): [number, number] => [row.orders, row[figure]]) });
  const about = { x: 'orders', logX: true, logY: true };
  return [
    {
      ...about,
      file: 'scale-time',
      title: 'Time with the number of orders',
      y: 'seconds',
      lines: [
        line('produce', 'produceSec'),
        line('decide', 'decideSec'),
        line('view', 'viewSec'),
        line('restart inventory', 'decideAgainSec'),
        line('rebuild its store', 'decideRebuildSec'),
        line('restart analytics', 'viewAgainSec'),
      ],
    },
    {
      ...about,
      file: 'scale-space',
      title: 'Memory and state with the number of orders',
      y: 'MB',
      lines: [
        line('inventory, memory', 'decideMb'),
        line('analytics, memory', 'viewMb'),
        line('decided orders, disk', 'decidedStateMb'),
        line('view, disk', 'viewStateMb'),
      ],
    },
  ];
}

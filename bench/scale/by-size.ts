/** From orders of 200 bytes to orders of 20 kB. */
import { ensureTopics } from '../../src/kafka/admin/admin.ts';
import type { Bench } from '../bench.ts';
import type { Curve, Grid } from '../result.ts';
import { partitionCount } from '../topic-log.ts';
import { sendSized } from './sized-orders.ts';
import { decideAll, newStage, stageTopics, viewAll } from './stages.ts';

const sizes = [200, 1000, 5000, 20_000];
/** A run reads so many bytes at most. */
const mostBytes = 100e6;

export async function bySize(bench: Bench): Promise<{ grids: Grid[]; curves: Curve[] }> {
  const rows: number[][] = [];
  for (const size of sizes) {
    const orders = Math.floor(Math.min(bench.sizes.orders / 3, mostBytes / size));
    const stage = newStage(`size-${size}`, partitionCount, orders);
    await ensureTopics(bench.admin, stageTopics(stage));
    const { sec, meanBytes } = await sendSized(bench.brokers, stage.ordersTopic, orders, size);
    const decided = await decideAll(bench, stage);
    const view = await viewAll(bench, stage);
    rows.push([
      Math.round(meanBytes),
      orders,
      orders / sec,
      decided.steadyRate,
      view.steadyRate,
      (decided.steadyRate * meanBytes) / 1e6,
      decided.peakMb,
      view.peakMb,
    ]);
    bench.say(
      `scale, ${Math.round(meanBytes)} bytes: produce ${Math.round(orders / sec)} orders/s, decide ${Math.round(decided.steadyRate)} orders/s`,
    );
  }
  const columns = [
    'bytes',
    'orders',
    'produce orders/s',
    'decide orders/s',
    'view records/s',
    'decide MB/s',
    'inventory peak MB',
    'analytics peak MB',
  ];
  const line = (column: number): Curve['lines'][number] => ({
    name: columns[column] ?? '',
    points: rows.map((row) => [row[0] ?? 0, row[column] ?? 0]),
  });
  return {
    grids: [{ title: 'With the size of an order (three partitions, one instance)', columns, rows }],
    curves: [
      {
        file: 'scale-size',
        title: 'Speed with the size of an order',
        x: 'bytes',
        y: 'per second',
        logX: true,
        logY: true,
        lines: [2, 3, 4].map(line),
      },
    ],
  };
}

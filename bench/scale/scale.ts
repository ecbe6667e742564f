/** How cost grows: with orders, partitions, instances and the size of an order. One run of each: the shape matters, not the last percent. */
import type { Bench } from '../bench.ts';
import type { Findings } from '../result.ts';
import { byOrders } from './by-orders.ts';
import { byInstances, byPartitions } from './by-partitions.ts';
import { bySize } from './by-size.ts';

export async function benchScale(bench: Bench): Promise<Findings> {
  const found = [];
  for (const sweep of [byOrders, byPartitions, byInstances, bySize]) found.push(await sweep(bench));
  return {
    settings: { 'most orders': bench.sizes.scaleTo, 'orders of the other sweeps': Math.ceil(bench.sizes.orders / 3) },
    rounds: 1,
    measures: [],
    checks: [],
    grids: found.flatMap(({ grids }) => grids),
    curves: found.flatMap(({ curves }) => curves),
  };
}

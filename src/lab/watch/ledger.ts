/** Where every order record is: written = decided + in flight; seen = orders + duplicates + dead letters. */
import type { Layout, Ledger, Metrics, Pipeline, Sample } from '../api-types.ts';

type Names = Pick<Pipeline, 'ordersTopic' | 'inventoryTopic' | 'inventoryGroup'>;

/**
 * @param layout the columns
 * @param sample what the broker told last
 * @param metrics of analytics; its position and its figures are of one moment
 * @param deadDecisions records of the inventory topic that could not be read, of which `dead_letters` counts both topics'
 * @returns null until everything is known
 */
export function ledgerOf(
  layout: Layout,
  sample: Sample | undefined,
  metrics: Metrics | null,
  names: Names,
  deadDecisions: number,
): Ledger | null {
  if (!sample || !metrics) return null;
  const written = sumOf(layout.ends.map((column, index) => (column.topic === names.ordersTopic ? sample.ends[index] : 0)));
  const decided = sumOf(
    layout.commits.map((column, index) =>
      column.group === names.inventoryGroup && column.topic === names.ordersTopic ? (sample.committed[index] ?? 0) : 0,
    ),
  );
  if (written === null || decided === null) return null;
  const seen = Object.values(metrics.position[names.ordersTopic] ?? {}).reduce((sum, offset) => sum + offset, 0);
  const { total_orders: orders, duplicates_ignored: duplicates } = metrics;
  const deadLetters = metrics.dead_letters - deadDecisions;
  const unaccounted = seen - orders - duplicates - deadLetters;
  return { written, decided, inFlight: Math.max(0, written - decided), seen, orders, duplicates, deadLetters, unaccounted };
}

function sumOf(values: readonly (number | null | undefined)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null || value === undefined) return null;
    sum += value;
  }
  return sum;
}

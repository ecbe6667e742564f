/** The view as Prometheus metrics, read from it at each scrape. */
import { Gauge, type Registry } from 'prom-client';
import type { LiveLook } from './live-metrics.ts';
import type { Metrics } from './metrics.ts';

/** `endToEndMs`: null where nothing became visible lately. */
type Look = LiveLook & { endToEndMs: number | null };

/**
 * Registers the metrics of the view.
 * @param registry where
 * @param groupId value of the label `consumergroup`
 * @param current gives what is true at the moment
 */
export function registerViewMetrics(registry: Registry, groupId: string, current: () => Promise<Look>): void {
  const figures: [name: string, help: string, value: (metrics: Metrics, look: Look) => number | null][] = [
    ['replayground_orders', 'Orders, each id once', (metrics) => metrics.total_orders],
    ['replayground_orders_last_minute', 'Orders created in the last 60 s', (metrics) => metrics.orders_per_min],
    ['replayground_failed_orders', 'Orders that failed, each once', (metrics) => metrics.failed_orders],
    ['replayground_reservations', 'Reservations tried', (metrics) => metrics.total_reservations],
    ['replayground_failed_reservations', 'Reservations that failed', (metrics) => metrics.failed_reservations],
    ['replayground_released_reservations', 'Orders that arrived failed and were released', (_metrics, { source }) => source.view.released],
    ['replayground_failure_rate', 'Failed reservations per reservation', (metrics) => metrics.failure_rate],
    ['replayground_order_failure_rate', 'Failed orders per order', (metrics) => metrics.order_failure_rate],
    ['replayground_conflicting_orders', 'Duplicates with other contents than the first', (metrics) => metrics.conflicting_orders],
    ['replayground_duplicate_orders', 'Order records beyond the first of their id', (metrics) => metrics.duplicates_ignored],
    [
      'replayground_repeated_decisions',
      'Decisions beyond the first on an order: must be 0',
      (_metrics, { source }) => source.view.repeatedOutcomes,
    ],
    ['replayground_dead_letters', 'Records that could not be read', (metrics) => metrics.dead_letters],
    [
      'replayground_end_to_end_seconds',
      'From accepted to visible, mean of the orders that became visible last; NaN where none did lately',
      (_metrics, { endToEndMs }) => (endToEndMs === null ? null : endToEndMs / 1000),
    ],
  ];
  // One look for all figures of a scrape, so that they belong together.
  let look: Promise<Look> | undefined;
  const lookOnce = () => {
    look ??= current().finally(() => setImmediate(() => (look = undefined)));
    return look;
  };
  for (const [name, help, value] of figures) {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      collect: async () => {
        const found = await lookOnce();
        gauge.set(value(found.metrics, found) ?? Number.NaN);
      },
    });
  }
  const lag: Gauge = new Gauge({
    name: 'kafka_consumergroup_lag_sum',
    help: 'Records of both topics that are not in the view yet',
    labelNames: ['consumergroup'],
    registers: [registry],
    collect: async () => {
      const { metrics } = await lookOnce();
      if (metrics.lag === null) lag.reset();
      else lag.set({ consumergroup: groupId }, metrics.lag);
    },
  });
}

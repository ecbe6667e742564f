/** What the lab itself tells Prometheus: also of a group whose service is stopped and can tell nothing. */
import { Gauge, type Registry } from 'prom-client';
import type { RetentionUse } from '../../kafka/retention.ts';
import { createRegistry } from '../../pipeline/service/prometheus.ts';
import type { LiveState } from '../wire/all.ts';

/** Without a value where nothing is unread, or nothing is deleted by its age. */
const figures: readonly [name: string, help: string, value: (use: RetentionUse) => number][] = [
  [
    'replayground_retention_used_ratio',
    'Age of the oldest record that the group has not read, by retention.ms of its topic: from 1 on it may be gone at any moment',
    ({ share }) => share,
  ],
  [
    'replayground_oldest_unread_deletable_seconds',
    'Seconds until the oldest record that the group has not read may be deleted, at the earliest',
    ({ deletableInMs }) => deletableInMs / 1000,
  ],
];

/**
 * @param current what is true now; asked once for each gauge of a scrape
 * @returns the registry
 */
export function lagMetrics(current: () => Promise<Pick<LiveState, 'groups' | 'sources'>>): Registry {
  const registry = createRegistry('lab');
  for (const [name, help, value] of figures) {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: ['consumergroup', 'topic', 'partition'],
      registers: [registry],
      collect: async () => {
        const { groups, sources } = await current();
        gauge.reset();
        // What is old is not told: it would look like a record that waits no longer than that.
        if (sources.kafka.staleSince !== null) return;
        for (const { group, partitions } of groups) {
          for (const { topic, partition, retention } of partitions) {
            if (retention) gauge.set({ consumergroup: group, topic, partition }, value(retention));
          }
        }
      },
    });
  }
  return registry;
}

/** What the lab itself tells Prometheus: also of a group whose service is stopped and can tell nothing. */
import { Gauge, type Registry } from 'prom-client';
import { createRegistry } from '../../../pipeline/service/prometheus.ts';
import type { LiveState } from '../../wire/all.ts';
import { lagFamilies } from './lag-families.ts';

type State = Pick<LiveState, 'groups' | 'topics' | 'sources'>;

/**
 * @param current what is true now; asked once for each scrape
 * @returns the registry
 */
export function lagMetrics(current: () => Promise<State>): Registry {
  const registry = createRegistry('lab');
  let look: Promise<State> | undefined;
  const lookOnce = (): Promise<State> => {
    look ??= current().finally(() => setImmediate(() => (look = undefined)));
    return look;
  };
  for (const { name, help, labels, figures } of lagFamilies) {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      collect: async () => {
        const state = await lookOnce();
        gauge.reset();
        // What is old is not told: it would look like a record that waits no longer than that.
        if (state.sources.kafka.staleSince !== null) return;
        for (const figure of figures(state)) gauge.set(figure.labels, figure.value);
      },
    });
  }
  return registry;
}

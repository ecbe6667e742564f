/** Looks at the lab while a scenario runs, twice a second and in a long run more rarely; the samples become the charts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readGroup } from '../../kafka/groups/group-state.ts';
import { KafkaInspector } from '../../kafka/groups/inspector.ts';
import { fetchMetrics } from '../client/analytics-client.ts';
import { type Connection, consumers, groupOf } from './connection.ts';
import { groupSample, type MetricsSample, type Sample } from './sample.ts';

const everyMs = 500;
/** A run of 30 minutes has some 2,300 samples, which is more than a chart is wide. */
const longRunSamples = 1000;

export type Sampler = AsyncDisposable & {
  readonly samples: readonly Sample[];
  /** From now on the samples are taken there: the lab was started again. */
  follow(lab: Connection): void;
};

/**
 * @param lab where to look; with an inspector of its own, so that a look never waits for a step's question
 * @param onSample called with each sample
 */
export function startSampler(lab: Connection, onSample: (sample: Sample) => void): Sampler {
  const samples: Sample[] = [];
  const stop = new AbortController();
  let current = lab;
  let inspector = new KafkaInspector(lab.config);
  const beganAt = Date.now();
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const startedAt = Date.now();
      // A lab whose Kafka was killed has nothing to tell: the charts show a gap.
      const sample = await takeSample({ ...current, inspector }).catch(() => undefined);
      if (sample && !stop.signal.aborted) {
        samples.push(sample);
        onSample(sample);
      }
      const intervalMs = Math.max(everyMs, (startedAt - beganAt) / longRunSamples);
      await sleep(Math.max(50, intervalMs - (Date.now() - startedAt)), undefined, { signal: stop.signal }).catch(() => {});
    }
  };
  const running = loop();
  return {
    samples,
    follow(next) {
      inspector[Symbol.dispose]();
      current = next;
      inspector = new KafkaInspector(next.config);
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      inspector[Symbol.dispose]();
      await running;
    },
  };
}

async function takeSample(lab: Connection): Promise<Sample> {
  const metrics = fetchMetrics(lab.analyticsUrl).then(pickMetrics, () => undefined);
  const groups = consumers.map((service) => groupOf(lab, service));
  const states = await Promise.all(groups.map(({ group, topics }) => readGroup(lab.inspector, group, topics)));
  return { atMs: Math.max(...states.map(({ atMs }) => atMs)), groups: states.map(groupSample), metrics: await metrics };
}

const pickMetrics = ({
  total_orders,
  total_reservations,
  failed_reservations,
  failure_rate_pct,
  orders_per_min,
}: MetricsSample): MetricsSample => ({
  total_orders,
  total_reservations,
  failed_reservations,
  failure_rate_pct,
  orders_per_min,
});

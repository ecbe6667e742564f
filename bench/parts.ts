/** All parts of the benchmark: what they are called, and what they run on. */
import type { PartName } from '../src/order-lab/cli/verbs/bench.ts';
import type { Bench } from './bench.ts';
import type { Findings } from './result.ts';

/** Parts on `broker` share the one of the benchmark; those on `lab` measure a whole lab, as `./lab up` starts it. */
export type Part = { title: string; on: 'broker' | 'lab'; load: () => Promise<(bench: Bench) => Promise<Findings>> };

export const parts: Record<PartName, Part> = {
  produce: {
    title: 'Orders into Kafka',
    on: 'broker',
    load: async () => (await import('./produce.ts')).benchProduce,
  },
  'exactly-once': {
    title: 'Decide, exactly once',
    on: 'broker',
    load: async () => (await import('./exactly-once.ts')).benchExactlyOnce,
  },
  throttled: {
    title: 'Scale out a throttled handler',
    on: 'broker',
    load: async () => (await import('./throttled.ts')).benchThrottled,
  },
  view: {
    title: 'Keep the view of both topics',
    on: 'broker',
    load: async () => (await import('./view.ts')).benchView,
  },
  replay: {
    title: 'Read everything again',
    on: 'broker',
    load: async () => (await import('./replay.ts')).benchReplay,
  },
  restart: {
    title: 'Start analytics-service on what it knows',
    on: 'broker',
    load: async () => (await import('./restart.ts')).benchRestart,
  },
  http: {
    title: 'Place orders by HTTP',
    on: 'broker',
    load: async () => (await import('./http.ts')).benchHttp,
  },
  latency: {
    title: 'From accepted to visible',
    on: 'lab',
    load: async () => (await import('./latency.ts')).benchLatency,
  },
  burst: {
    title: 'A burst of orders',
    on: 'lab',
    load: async () => (await import('./burst.ts')).benchBurst,
  },
  memory: {
    title: 'Memory at full speed',
    on: 'lab',
    load: async () => (await import('./memory.ts')).benchMemory,
  },
  ledger: {
    title: 'Balance the books',
    on: 'lab',
    load: async () => (await import('./ledger.ts')).benchLedger,
  },
  up: {
    title: 'Start the lab',
    on: 'lab',
    load: async () => (await import('./up.ts')).benchUp,
  },
  scale: {
    title: 'How cost grows',
    on: 'broker',
    load: async () => (await import('./scale/scale.ts')).benchScale,
  },
};

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PipelineFacts, pipelineInsights } from '../../../src/order-lab/watch/pipeline-insights.ts';
import type { Metrics } from '../../../src/order-lab/wire/all.ts';

const metrics = (more: Partial<Metrics> = {}): Metrics =>
  ({ total_orders: 5, replay: { state: 'idle', processed: 0, total: 0 }, ...more }) as unknown as Metrics;
const missing = [{ topic: 'order-events', partition: 1 }] as unknown as NonNullable<Metrics['missing']>;
const healthy = [{ service: 'analytics-service', state: 'healthy' }] as const;
const replaying = metrics({ replay: { state: 'running', processed: 1000, total: 4000 } } as unknown as Partial<Metrics>);

test('what is wrong with the figures of the orders is said where it is the fault of analytics-service', () => {
  const table: [what: string, facts: Partial<PipelineFacts>, said: string[]][] = [
    ['all is well', { metrics: metrics() }, []],
    ['nothing was told yet', { metrics: null }, []],
    ['it does not answer', { metrics: metrics(), isOld: true }, ['analytics-service does not answer: its metrics are old']],
    ['it does not answer since Kafka is away', { isOld: true, isKafkaAway: true }, []],
    ['it does not answer since it does not run', { isOld: true, processes: [] }, []],
    [
      'an instance is gone',
      { metrics: metrics({ missing }) },
      ['the figures are not of all orders: no instance of analytics-service tells of partition 1 now'],
    ],
    ['it replays', { metrics: replaying }, ['analytics reads again: 1,000 of 4,000 offsets']],
  ];
  const usual: PipelineFacts = { metrics: null, isOld: false, isKafkaAway: false, processes: healthy };
  for (const [what, facts, said] of table) {
    assert.deepEqual(
      pipelineInsights({ ...usual, ...facts }).map(({ text }) => text),
      said,
      what,
    );
  }
});

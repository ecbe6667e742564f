/** Samples and reports for the tests of what is computed from them. */
import type { Report } from '../../../src/order-lab/scenario/report/report.ts';
import type { Sample } from '../../../src/order-lab/scenario/sample.ts';

export const names: Report['names'] = {
  orders: 'order-events',
  inventory: 'inventory-events',
  ordersDlq: 'order-events.dlq',
  inventoryDlq: 'inventory-events.dlq',
  notifications: 'notifications',
  notificationsDlq: 'dlq.notifications',
  notificationGroup: 'notification-workers',
  inventoryGroup: 'inventory-group',
  analyticsGroup: 'analytics-group',
};

/** @returns a sample in which inventory has committed so much of so many orders in partition 0, and nothing in partition 1 */
export const sampleOf = (atMs: number, committed: number | undefined, end: number | undefined, members = ['a']): Sample => ({
  atMs,
  groups: [
    {
      group: names.inventoryGroup,
      state: 'Stable',
      members,
      partitions: [
        { topic: names.orders, partition: 0, committed, end, lag: end === undefined ? undefined : Math.max(0, end - (committed ?? 0)) },
        { topic: names.orders, partition: 1, committed: undefined, end: 0, lag: 0 },
      ],
    },
  ],
  metrics: undefined,
});

const startMs = Date.parse('2026-01-05T10:20:30.000Z');

/** @returns a report of a run of three seconds; fields can be replaced */
export const reportWith = (changes: Partial<Report> = {}): Report => ({
  name: 'a-scenario',
  title: 'A scenario',
  summary: 'It shows something.',
  exercises: ['A'],
  options: {},
  environment: {},
  scale: 1,
  held: true,
  startedAt: new Date(startMs).toISOString(),
  durationMs: 3000,
  command: './lab run a-scenario',
  checks: [{ claim: 'it holds', held: true, expected: '1', measured: '1', lookAt: './lab ps' }],
  steps: [
    {
      kind: 'change',
      what: 'burst of 100 orders',
      byHand: ['./lab burst 100', './lab kafka producer-perf-test'],
      startMs: startMs + 500,
      endMs: startMs + 700,
      result: '100 acknowledged',
      error: undefined,
      times: 1,
    },
  ],
  comparisons: [],
  tables: [],
  pictures: [],
  names,
  versions: [],
  machine: [],
  settings: [],
  files: ['metrics.txt'],
  history: null,
  samples: [sampleOf(startMs, 0, 0), sampleOf(startMs + 1000, 0, 100), sampleOf(startMs + 2000, 100, 100)],
  ...changes,
});

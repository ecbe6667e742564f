import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Metrics, metricsOf } from '../../../src/pipeline/analytics/metrics.ts';
import { finished, newReplay, progressOf, type ReplayRange } from '../../../src/pipeline/analytics/replay.ts';
import { ReplayLog } from '../../../src/pipeline/analytics/replay-log.ts';
import { Replayer } from '../../../src/pipeline/analytics/replayer.ts';
import { emptyView } from '../../../src/pipeline/analytics/view.ts';
import type { ViewLoop } from '../../../src/pipeline/analytics/view-loop.ts';

const ids = ['id of orders', 'id of decisions'];
const now = new Date('2026-01-05T10:20:00Z');
const metrics: Metrics = metricsOf(emptyView(), {
  asOf: now,
  recentOrders: 0,
  lag: 0,
  positions: [],
  readings: new Map(),
  missing: [],
  replay: progressOf(undefined, { positions: [], readings: new Map() }),
});
const range = (topic: string, to: number): ReplayRange => ({ topic, partition: 0, from: 0, to, first: 0, takeBack: 0 });

it('what a replay held back is held back until it is read again, also where the replay ends while a batch is on its way', async () => {
  const log: ReplayLog = new ReplayLog(ids, async (notes) => {
    for (const { key, body } of notes) log.take(key, body);
  });
  const readings = new Map<number, string>();
  const replayer = new Replayer({
    log,
    store: { readings, setReading: (partition, reading) => void readings.set(partition, reading) },
    source: () => ({ view: emptyView(), positions: [], readings, missing: [] }),
    ends: async () => [],
    ranges: async () => [],
    look: () => Promise.reject(new Error('nobody asked this instance for a replay')),
    onStarted: () => {},
    onFinished: () => {},
  });
  const done: string[] = [];
  const loop = {
    wasAssigned: true,
    positions: [],
    owned: () => [0],
    rewind: async (_: unknown, alongside: () => void) => {
      alongside();
      done.push('taken back');
    },
    restart: async () => void done.push('read on'),
  } as unknown as ViewLoop;

  assert.equal(replayer.limits(), undefined);
  const replay = newReplay([range('orders', 10), range('decisions', 8)], metrics, now);
  await log.begin(replay);
  assert.deepEqual(replayer.limits(), new Map(), 'it reads what is new until it takes back');
  await replayer.step(loop);
  const limits = new Map(Object.entries({ 'orders/0': 10, 'decisions/0': 8 }));
  assert.deepEqual([...(replayer.limits() ?? [])], [...limits]);
  await log.finish(finished(replay, metrics, now));
  assert.deepEqual([...(replayer.limits() ?? [])], [...limits], 'a batch that was on its way is cut as the one before');
  await replayer.step(loop);
  assert.equal(replayer.limits(), undefined);
  assert.deepEqual(done, ['taken back', 'read on']);
});

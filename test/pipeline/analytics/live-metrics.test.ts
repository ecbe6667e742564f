import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Source } from '../../../src/pipeline/analytics/answer-source.ts';
import { liveMetrics } from '../../../src/pipeline/analytics/live-metrics.ts';
import { emptyView } from '../../../src/pipeline/analytics/view.ts';

const partitions = [0, 1].map((partition) => ({ topic: 'orders', partition }));
const ends = { watermarks: async () => ({ low: 0, high: 100 }) };
const sourceAt = (...offsets: number[]): Source => ({
  view: emptyView(),
  positions: offsets.map((offset, partition) => ({ topic: 'orders', partition, offset })),
  readings: new Map(),
  missing: [],
});
/** @returns the lag of an answer that takes the first source before it asks for the ends, and the second after it */
async function lagOver(...looks: Source[]): Promise<number | null> {
  const source = (): Source => looks.shift() as Source;
  const look = liveMetrics({ source, askEnds: ends, partitions, replayUnderWay: () => undefined });
  return (await look()).metrics.lag;
}

test('a lag of 0 is of the figures beside it, also where another view answers by the time that the ends are known', async () => {
  assert.equal(await lagOver(sourceAt(100, 100), sourceAt(100, 100)), 0);
  assert.equal(await lagOver(sourceAt(100, 100), sourceAt(100, 30)), 70);
  assert.equal(await lagOver(sourceAt(100, 100), sourceAt(100)), 100);
});

test('what came in while the ends were asked does not hide that it was not there before', async () => {
  assert.equal(await lagOver(sourceAt(90, 100), sourceAt(100, 100)), 10);
});

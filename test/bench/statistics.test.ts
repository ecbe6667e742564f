import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countRecords, pace, slope } from '../../bench/progress.ts';
import { interleave, median, percentile, ratioOfMedians, summarize } from '../../bench/statistics.ts';

test('the median of an even number of rounds is the mean of the middle two', () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.deepEqual(summarize([3, 1, 2]), { median: 2, min: 1, max: 3, rounds: [3, 1, 2] });
});

test('a percentile is one of the figures, by nearest rank', () => {
  const figures = Array.from({ length: 100 }, (_, index) => index + 1);
  assert.equal(percentile(figures, 0.5), 50);
  assert.equal(percentile(figures, 0.99), 99);
  assert.equal(percentile(figures, 1), 100);
});

test('the interval of a ratio holds the ratio, is the same every time, and is wider where rounds differ more', () => {
  const steady = ratioOfMedians([200, 201, 199, 202, 198], [100, 101, 99, 100, 100]);
  const wild = ratioOfMedians([200, 300, 120, 260, 150], [100, 140, 70, 110, 90]);
  for (const { value, low = Number.NaN, high = Number.NaN } of [steady, wild]) assert.ok(low <= value && value <= high);
  assert.ok((wild.high ?? 0) - (wild.low ?? 0) > (steady.high ?? 0) - (steady.low ?? 0));
  assert.deepEqual(ratioOfMedians([200, 201, 199, 202, 198], [100, 101, 99, 100, 100]), steady);
});

test('one round gives a ratio without an interval', () => {
  assert.deepEqual(ratioOfMedians([3], [2]), { value: 1.5 });
});

test('rounds are interleaved, and the warm-up round does not count', async () => {
  const order: string[] = [];
  const results = await interleave(['ours', 'peer'], { rounds: 2, warmUp: true }, async (name, round) => {
    order.push(`${name} ${round}`);
    return round;
  });
  assert.deepEqual(order, ['ours 0', 'peer 0', 'ours 1', 'peer 1', 'ours 2', 'peer 2']);
  assert.deepEqual(results, { ours: [1, 2], peer: [1, 2] });
});

test('control records of transactions do not count as records', () => {
  const offsets = new Map([['topic/0', [0, 1, 3, 4]]]);
  const sample = (atMs: number, offset: number) => ({ atMs, positions: [{ topic: 'topic', partition: 0, offset }] });
  const counts = countRecords([sample(0, 0), sample(1000, 3), sample(2000, 6)], offsets);
  assert.deepEqual(
    counts.map(({ count }) => count),
    [0, 2, 4],
  );
});

test('a pace is taken from the moment that a tenth is done, and its total from the start of the process', () => {
  const counts = [0, 100, 200, 400, 1000].map((count, second) => ({ atMs: second * 1000, count }));
  const { steadyRate, secondHalfRate, totalSec } = pace(-500, counts);
  assert.equal(steadyRate, 300);
  assert.ok(Number.isNaN(secondHalfRate) || secondHalfRate > 0);
  assert.equal(totalSec, 4.5);
});

test('the slope of steps is the rate behind them', () => {
  const steps = Array.from({ length: 101 }, (_, index) => ({ atMs: index * 10, count: Math.floor(index / 10) * 5 }));
  assert.ok(Math.abs(slope(steps) - 50) < 1);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flatness } from '../../../../src/order-lab/scenario/load/flatness.ts';

const everyMinute = (values: number[]) => values.map((value, index) => ({ atMs: 1_000_000 + index * 60_000, value }));

test('what rises steadily has that slope, and grows by what it rose', () => {
  const { perMinute, growth, mean, least, most } = flatness(everyMinute([100, 101, 102, 103, 104]));
  assert.deepEqual([perMinute, mean, least, most], [1, 102, 100, 104]);
  assert.ok(Math.abs(growth - 4 / 102) < 1e-9);
});

test('what goes up and down and comes back is flat', () => {
  const { perMinute } = flatness(everyMinute([100, 120, 100, 80, 100, 120, 100, 80, 100].flatMap((value) => [value, 200 - value])));
  assert.ok(Math.abs(perMinute) < 0.5, String(perMinute));
});

test('of one value or none nothing is said', () => {
  assert.equal(flatness(everyMinute([7])).growth, 0);
  assert.equal(flatness([]).mean, 0);
});

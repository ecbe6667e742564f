import assert from 'node:assert/strict';
import test from 'node:test';
import { bytes, count, duration, percent, perSec, short, signed, timeAndDay, timeOfDay } from '../../dashboard/src/lib/format.ts';

test('what is not known is a dash, never a 0', () => {
  for (const format of [count, short, perSec, percent, duration, bytes, signed]) assert.equal(format(null), '-');
  assert.equal(count(0), '0');
});

test('a length of time is told in the two units that matter', () => {
  const told = [0, 412, 1400, 9999, 48_000, 60_000, 200_000, 7_500_000, 3 * 86_400_000].map(duration);
  assert.deepEqual(told, ['0 ms', '412 ms', '1.4 s', '10.0 s', '48 s', '1 min', '3 min 20 s', '2 h 5 min', '3 days']);
});

test('a number that does not fit is shortened, one that fits is not', () => {
  assert.deepEqual([850, 9662, 12_345, 1_250_000].map(short), ['850', '9,662', '12.3k', '1.3M']);
  assert.deepEqual([0.4, 9.95, 120, 20_000].map(perSec), ['0.4/s', '10/s', '120/s', '20k/s']);
});

test('a delta shows its sign', () => {
  assert.deepEqual([12_000, -3, 0].map(signed), ['+12,000', '-3', '0']);
});

test('a time of another day has its date', () => {
  const now = new Date(2026, 10, 21, 9, 0, 0);
  assert.equal(timeAndDay(new Date(2026, 10, 21, 8, 5, 1), now), timeOfDay(new Date(2026, 10, 21, 8, 5, 1)));
  assert.equal(timeAndDay(new Date(2026, 0, 2, 8, 5, 1), now), `2026-01-02 ${timeOfDay(new Date(2026, 0, 2, 8, 5, 1))}`);
});

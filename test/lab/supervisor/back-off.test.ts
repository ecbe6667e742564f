import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backOffMs, crashesInARow } from '../../../src/lab/supervisor/back-off.ts';

test('the wait doubles from 0.2 s and ends at 10 s', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7, 5000].map(backOffMs), [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000]);
});

test('a crash after ten healthy seconds counts as the first again', () => {
  assert.equal(crashesInARow(5, 10_000), 0);
  assert.equal(crashesInARow(5, 9999), 5);
  assert.equal(crashesInARow(5, 0), 5);
});

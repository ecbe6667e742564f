import assert from 'node:assert/strict';
import test from 'node:test';
import { connectionOf, retryDelay } from '../../dashboard/src/lib/freshness.ts';
import { keptMs, withMark, withSample } from '../../dashboard/src/lib/history.ts';
import type { Mark, Sample } from '../../src/order-lab/wire/all.ts';

const sample = (atMs: number): Sample => ({
  atMs,
  ends: [],
  committed: [],
  lag: [],
  inPerSec: null,
  decidedPerSec: null,
  seenPerSec: null,
  ordersPerMin: null,
  endToEndMs: null,
});
const mark = (id: number, atMs: number): Mark => ({ id, atMs, kind: 'burst', subject: 'order-service', text: 'burst' });

test('a sample that a resumed stream sends again is kept once', () => {
  const samples = withSample(withSample([], sample(1000)), sample(2000));
  assert.equal(withSample(samples, sample(2000)).length, 2);
});

test('samples and marks older than 15 minutes are forgotten', () => {
  const now = keptMs + 5000;
  assert.deepEqual(
    withSample([sample(1000), sample(6000)], sample(now)).map(({ atMs }) => atMs),
    [6000, now],
  );
  assert.deepEqual(
    withMark([mark(1, 1000), mark(2, 6000)], mark(3, now)).map(({ id }) => id),
    [2, 3],
  );
});

test('a mark that comes again replaces itself', () => {
  assert.equal(withMark([mark(1, 1000)], mark(1, 1000)).length, 1);
});

test('silence makes the page stale, since the last word', () => {
  assert.deepEqual(connectionOf(undefined, 99), { state: 'connecting' });
  assert.deepEqual(connectionOf(1000, 3000), { state: 'live' });
  assert.deepEqual(connectionOf(1000, 9000), { state: 'stale', sinceMs: 1000 });
});

test('the page tries again soon, then every three seconds', () => {
  assert.deepEqual([0, 1, 2, 3, 20].map(retryDelay), [500, 1000, 2000, 3000, 3000]);
});

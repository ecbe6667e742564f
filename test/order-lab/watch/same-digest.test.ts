import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAgainText, settled } from '../../../src/order-lab/watch/same-digest.ts';
import type { Metrics } from '../../../src/order-lab/wire/all.ts';

const read = { digest: `sha256:${'a'.repeat(64)}`, position: { orders: { 0: 10 }, decisions: { 0: 12 } }, readings: { 0: 'first' } };
const again = { ...read, readings: { 0: 'second' } };

test('what is read again is compared with what was there before, whoever asked for it', () => {
  assert.equal(readAgainText(read, again), 'all is read again: digest aaaaaaaaaaaaaaaa, as before');
  assert.equal(
    readAgainText(read, { ...again, digest: `sha256:${'b'.repeat(64)}` }),
    'all is read again: digest bbbbbbbbbbbbbbbb, which was aaaaaaaaaaaaaaaa before: NOT identical',
  );
});

test('nothing is said where there is nothing to compare', () => {
  assert.equal(readAgainText(null, again), null, 'nobody had looked');
  assert.equal(readAgainText(read, read), null, 'nothing was read again');
  assert.equal(readAgainText(read, { ...again, position: { orders: { 0: 11 }, decisions: { 0: 12 } } }), null, 'records came in between');
});

test('figures stand for the whole log once nothing is left to be counted', () => {
  const metrics = { ...read, lag: 0, replay: { state: 'idle', processed: 0, total: 0 } } as unknown as Metrics;
  assert.deepEqual(settled(metrics), read);
  assert.equal(settled({ ...metrics, lag: 1 }), null);
  assert.equal(settled({ ...metrics, lag: null }), null);
  assert.equal(settled({ ...metrics, missing: [{ partition: 0, since: null }] }), null);
  assert.equal(settled({ ...metrics, replay: { state: 'running', processed: 1, total: 2 } }), null);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeOf } from '../../../src/pipeline/notifications/tell.ts';

const ids = Array.from({ length: 2000 }, (_, i) => `event-${i}`);
const share = (of: string, faults: Parameters<typeof outcomeOf>[2], delivery = 1): number =>
  ids.filter((id) => outcomeOf(id, delivery, faults) === of).length / ids.length;

test('the rates are those of the outcomes, and the same delivery has the same outcome', () => {
  const faults = { failRate: 0.2, rejectRate: 0.05, seed: 's' };
  assert.ok(Math.abs(share('reject', faults) - 0.05) < 0.02);
  assert.ok(Math.abs(share('release', faults) - 0.19) < 0.03);
  assert.equal(share('accept', { failRate: 0, rejectRate: 0, seed: 's' }), 1);
  assert.equal(share('release', { failRate: 1, rejectRate: 0, seed: 's' }), 1);
  for (const id of ids) assert.equal(outcomeOf(id, 1, faults), outcomeOf(id, 1, { ...faults }));
});

test('a passing failure is drawn anew for each delivery, a final one never', () => {
  const faults = { failRate: 0.5, rejectRate: 0.1, seed: 's' };
  const failedTwice = ids.filter((id) => [1, 2].every((count) => outcomeOf(id, count, faults) === 'release'));
  assert.ok(failedTwice.length > 0.15 * ids.length && failedTwice.length < 0.35 * ids.length);
  const rejected = ids.filter((id) => outcomeOf(id, 1, faults) === 'reject');
  for (const id of rejected) assert.equal(outcomeOf(id, 4, faults), 'reject');
});

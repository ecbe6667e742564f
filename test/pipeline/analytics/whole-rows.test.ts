import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wholeRows } from '../../../src/pipeline/analytics/whole-rows.ts';

test('reading waits until the rows are known to be whole, and says so', async () => {
  const checked = Promise.withResolvers<void>();
  const rows = wholeRows({ checked: checked.promise }, new AbortController().signal, () => {});
  assert.match(rows.text() ?? '', /are checked/);
  checked.resolve();
  await rows.over;
  assert.equal(rows.text(), undefined);
});

test('rows that are broken end the wait with what is wrong', async () => {
  const broken = new Error('torn');
  const rows = wholeRows({ checked: Promise.reject(broken) }, new AbortController().signal, () => {});
  await assert.rejects(rows.over, broken);
});

test('a stop does not wait for the check, however long it takes', async () => {
  const stop = new AbortController();
  const rows = wholeRows({ checked: new Promise(() => {}) }, stop.signal, () => {});
  stop.abort();
  await rows.over;
});

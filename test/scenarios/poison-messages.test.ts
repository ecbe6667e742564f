import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runScenario } from './run-scenario.ts';

/** One scenario of the project from its lab to its report: it sends, reads, counts, replays. */
test('poison-messages holds on a lab of its own', async (t) => {
  const measured = await runScenario(t, 'poison-messages');
  assert.equal(measured['bytes that are no UTF-8: bad-utf8'], 'bad-utf8');
  assert.equal(measured['and writes no dead letter again'], '11');
});

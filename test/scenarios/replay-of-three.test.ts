import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runScenario } from './run-scenario.ts';

test('three instances of analytics-service count the whole log again, and come to the same', async (t) => {
  const measured = await runScenario(t, 'replay', '--analytics', '3');
  assert.equal(measured['analytics went back in every partition of both topics'], '6');
  assert.equal(measured['which says so itself'], 'true');
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { allScenarios, findScenario } from '../../../src/order-lab/scenario/find-scenarios.ts';

const usage = (message: RegExp) => ({ code: 'usage', message });

test('a scenario is found by its name, or by the path of a file', async () => {
  const { name, scenario } = await findScenario('burst-10k');
  assert.equal(name, 'burst-10k');
  assert.ok(scenario.exercises.includes('B1'));
  const own = await findScenario(join(import.meta.dirname, 'fixtures/tiny.ts'));
  assert.equal(own.name, 'tiny');
  assert.deepEqual(own.scenario.exercises, [], 'a plain object need not say which exercises it is');
});

test('every scenario of the project says what it shows in one line', async () => {
  for (const { name, scenario } of await allScenarios()) {
    assert.ok(scenario.summary.length > 0 && scenario.summary.length <= 120 && !scenario.summary.includes('\n'), name);
  }
});

test('what is no scenario is wrong usage, and the error says what there is', async () => {
  await assert.rejects(findScenario('no-such'), usage(/no scenario 'no-such': use one of .*burst-10k/));
  await assert.rejects(findScenario('../src'), usage(/no scenario/));
  await assert.rejects(findScenario('./no-such.ts'), usage(/there is no file/));
  await assert.rejects(findScenario(join(import.meta.dirname, 'support.ts')), usage(/needs title, summary and run/));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scenarioOptions } from '../../src/scenario/scenario-options.ts';

const scenario = { options: { outcomes: { values: ['recorded', 'random'], default: 'recorded', help: 'which' } } };

test('an option is as given, or by default', () => {
  assert.deepEqual(scenarioOptions(scenario, []), { outcomes: 'recorded' });
  assert.deepEqual(scenarioOptions(scenario, ['--outcomes', 'random']), { outcomes: 'random' });
  assert.deepEqual(scenarioOptions(scenario, ['--outcomes=random']), { outcomes: 'random' });
  assert.deepEqual(scenarioOptions({}, []), {});
});

test('what is not allowed is wrong usage, and the error says what is', () => {
  const usage = (message: RegExp) => ({ code: 'usage', message });
  assert.throws(() => scenarioOptions(scenario, ['--outcomes', 'lucky']), usage(/recorded or random/));
  assert.throws(() => scenarioOptions(scenario, ['--luck']), usage(/--outcomes recorded\|random/));
  assert.throws(() => scenarioOptions({}, ['--luck', 'yes']), usage(/no options of its own/));
  assert.throws(() => scenarioOptions({}, ['stray']), usage(/stray/));
});

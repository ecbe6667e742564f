import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scenarioOptions } from '../../../src/order-lab/scenario/scenario-options.ts';

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

test('numbers have bounds, texts are words, and a default can be made anew', () => {
  const storm = {
    options: {
      minutes: { between: [0.2, 60] as const, default: '2', help: 'how long' },
      seed: { text: 'seed', default: () => 'new', help: 'which' },
    },
  };
  assert.deepEqual(scenarioOptions(storm, []), { minutes: '2', seed: 'new' });
  assert.deepEqual(scenarioOptions(storm, ['--minutes', '0.5', '--seed', 'a-7']), { minutes: '0.5', seed: 'a-7' });
  for (const minutes of ['0.1', '61', 'many', ''])
    assert.throws(() => scenarioOptions(storm, [`--minutes=${minutes}`]), { code: 'usage', message: /a number from 0.2 to 60/ });
  assert.throws(() => scenarioOptions(storm, ['--seed', 'a b']), { code: 'usage', message: /letters, digits and dashes/ });
  assert.throws(() => scenarioOptions(storm, ['--luck']), { code: 'usage', message: /--minutes <0.2..60>, --seed <seed>/ });
});

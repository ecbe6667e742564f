import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { kafkaTools } from '../../src/lab/broker/tools.ts';
import { buildProgram } from '../../src/order-lab/cli/main.ts';
import { allScenarios } from '../../src/order-lab/scenario/find-scenarios.ts';
import { projectRoot } from '../../src/pipeline/settings/read-settings.ts';

/** The exercises of the write-ups; a letter alone is something that one describes without a number. */
const exercises = ['A', 'B1', 'B2', 'B3', 'C1', 'C2', 'C3', 'D', 'D1', 'D2', 'D3', 'E', 'E-C4', 'E-C5', 'E-C6'];

const found = await allScenarios();
const readmes = found.map(({ name, file, scenario }) => {
  const readme = join(dirname(file), 'README.md');
  return { name, scenario, text: existsSync(readme) ? readFileSync(readme, 'utf8') : '' };
});
test('every exercise of the write-ups has a scenario, and no scenario names another', () => {
  const named = new Set(found.flatMap(({ scenario }) => scenario.exercises));
  assert.deepEqual([...named].sort(), exercises);
});

test('every scenario has a walkthrough that says how to run it, and what was seen', () => {
  for (const { name, scenario, text } of readmes) {
    assert.match(text, new RegExp(`^(\\$ )?\\./lab run ${name}$`, 'm'), `${name}: no line says ./lab run ${name}`);
    assert.match(text, /^```\n[^`]+^```$/m, `${name}: no output is shown`);
    for (const option of Object.keys(scenario.options ?? {})) assert.match(text, new RegExp(`--${option} `), name);
  }
});

test('the commands of the walkthroughs are there: verbs, Kafka tools, files', async () => {
  const { commands } = await buildProgram();
  for (const { name, text } of readmes) {
    for (const [call, verb, next = ''] of text.matchAll(/\.\/lab ([a-z]+)(?: ([\w./-]+))?/g)) {
      assert.ok(
        commands.some((command) => command.name() === verb),
        `${name}: ${call} is no verb`,
      );
      if (verb === 'kafka') assert.ok(Object.hasOwn(kafkaTools, next), `${name}: ${call} is no tool`);
      if (verb === 'node') assert.ok(existsSync(join(projectRoot, next)), `${name}: there is no ${next}`);
    }
  }
});

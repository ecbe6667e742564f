import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Command } from 'commander';
import { type AnswerName, answers, publishedSchema } from '../../../src/order-lab/answers/answer-table.ts';
import { schemaFiles, schemaFolder } from '../../../src/order-lab/answers/schema-files.ts';
import { buildProgram } from '../../../src/order-lab/cli/main.ts';
import { projectRoot } from '../../../src/pipeline/settings/read-settings.ts';
import { answerOf, checkFailure, fits } from '../../support/answers.ts';
import { newCli } from '../../support/run-cli.ts';

const names = Object.keys(answers) as AnswerName[];

test('the schemas in docs are those of this code', () => {
  const written = schemaFiles();
  assert.deepEqual(readdirSync(join(projectRoot, schemaFolder)).sort(), Object.keys(written).sort());
  for (const [name, content] of Object.entries(written)) {
    assert.deepEqual(JSON.parse(readFileSync(join(projectRoot, schemaFolder, name), 'utf8')), content, `${name}: npm run schemas`);
  }
});

test('each of them is a JSON Schema', () => {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, validateFormats: false });
  for (const name of names) ajv.compile(publishedSchema(name));
});

test('every verb that has --json has a schema', async () => {
  const withJson = (command: Command, path: readonly string[]): string[][] => [
    ...(command.options.some(({ long }) => long === '--json') ? [[...path]] : []),
    ...command.commands.flatMap((one) => withJson(one, [...path, one.name()])),
  ];
  const paths = withJson(await buildProgram(), []);
  assert.ok(paths.length > 25);
  for (const path of paths) {
    const name = answerOf([...path, '--json']);
    assert.ok(name, path.join(' '));
    assert.equal(answers[name].command, path.join(' '));
  }
});

test('what the benchmark has kept fits its schema', () => {
  const kept = JSON.parse(readFileSync(join(projectRoot, 'bench/results.json'), 'utf8')) as { parts?: object } | object[];
  fits('bench', Array.isArray(kept) ? kept : Object.values(kept.parts ?? kept));
});

test('./lab schema prints the schema of a verb, and the list', async () => {
  using cli = newCli();
  assert.deepEqual(JSON.parse((await cli.run('schema', 'lag')).stdout), publishedSchema('lag'));
  const { stdout } = await cli.run('schema', '--json');
  assert.deepEqual(
    (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name),
    names,
  );
  assert.match((await cli.run('schema')).stdout, /^tail +\.\/lab tail --json +lines +a record$/m);
});

test('an error of a verb with --json is one line of JSON, wrong usage too', async () => {
  using cli = newCli({ KAFKA_BROKERS: '' });
  const failures = {
    'lab-not-running': await cli.run('lag', '--json'),
    usage: await cli.run('schema', 'nothing', '--json'),
  };
  for (const [code, { stderr, stdout }] of Object.entries(failures)) {
    assert.equal(stdout, '');
    checkFailure(stderr);
    assert.equal(JSON.parse(stderr).error.code, code);
  }
  const unknown = await cli.run('lag', '--jsn', '--json');
  assert.deepEqual(JSON.parse(unknown.stderr).error, {
    code: 'usage',
    message: "unknown option '--jsn' (Did you mean --json?)",
    retriable: false,
    exitCode: 2,
  });
  assert.equal(unknown.exitCode, 2);
});

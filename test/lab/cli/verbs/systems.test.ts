import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { ownSystems } from '../../../../src/lab/systems/file/find-system.ts';
import { byLanguage } from '../../../../src/lab/systems/file/new-system.ts';
import { readSystem } from '../../../../src/lab/systems/file/read-system.ts';
import { newCli } from '../../../support/run-cli.ts';

test('systems are listed with what they claim, and whether their programs are there', async () => {
  using cli = newCli();
  const { exitCode, stdout } = await cli.run('systems', '--json');
  const systems = JSON.parse(stdout) as { name: string; claims: string; missing: string[] }[];
  assert.equal(exitCode, 0);
  assert.equal(systems.find(({ name }) => name === 'python-transactions')?.claims, 'exactly-once');
  assert.ok(systems.every(({ missing }) => Array.isArray(missing)));
});

test('the schema of system.yaml is JSON Schema', async () => {
  using cli = newCli();
  const schema = JSON.parse((await cli.run('system', 'schema', '--json')).stdout) as { $schema: string; required: string[] };
  assert.match(schema.$schema, /json-schema\.org/);
  assert.ok(schema.required.includes('ledger'));
});

test('each language that a new system can be asked for has its system', () => {
  const names = ownSystems().map((file) => basename(dirname(file)));
  assert.deepEqual(
    Object.values(byLanguage).filter((name) => !names.includes(name)),
    [],
  );
});

test('a new system can be read, is named after its folder, and overwrites nothing', async () => {
  using cli = newCli();
  const folder = join(dirname(cli.home), 'My Consumer');
  const made = await cli.run('system', 'new', folder, '--from', 'python', '--json');
  assert.equal(made.exitCode, 0, made.stderr);
  const { name, files } = JSON.parse(made.stdout) as { name: string; files: string[] };
  assert.equal(name, 'my-consumer');
  assert.ok(files.length >= 4 && files.every((file) => existsSync(file)), files.join(' '));
  assert.equal(readSystem(join(folder, 'system.yaml')).name, 'my-consumer');
  assert.ok(existsSync(join(folder, 'system.schema.json')) && existsSync(join(folder, 'invoicer.py')));
  const before = readFileSync(join(folder, 'system.yaml'), 'utf8');
  const again = await cli.run('system', 'new', folder, '--from', 'python-transactions');
  assert.equal(again.exitCode, 2);
  assert.match(again.stderr, /is not empty/);
  assert.equal(readFileSync(join(folder, 'system.yaml'), 'utf8'), before);
  const elsewhere = await cli.run('system', 'new', join(dirname(cli.home), 'copy'), '--from', 'orders');
  assert.equal(elsewhere.exitCode, 2);
  assert.match(elsewhere.stderr, /outside of its folder/);
  const inherited = await cli.run('system', 'new', join(dirname(cli.home), 'copy'), '--from', 'constructor');
  assert.equal(inherited.exitCode, 2);
  assert.match(inherited.stderr, /there is no system constructor/);
});

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { readSystem } from '../../../../src/lab/systems/read-system.ts';
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
  const schema = JSON.parse((await cli.run('system', 'schema')).stdout) as { $schema: string; required: string[] };
  assert.match(schema.$schema, /json-schema\.org/);
  assert.ok(schema.required.includes('ledger'));
});

test('a new system can be read, is named after its folder, and overwrites nothing', async () => {
  using cli = newCli();
  const folder = join(dirname(cli.home), 'My Consumer');
  assert.equal((await cli.run('system', 'new', folder)).exitCode, 0);
  assert.equal(readSystem(join(folder, 'system.yaml')).name, 'my-consumer');
  assert.ok(existsSync(join(folder, 'system.schema.json')) && existsSync(join(folder, 'invoicer.py')));
  const before = readFileSync(join(folder, 'system.yaml'), 'utf8');
  const again = await cli.run('system', 'new', folder, '--from', 'python-transactions');
  assert.equal(again.exitCode, 2);
  assert.match(again.stderr, /is not empty/);
  assert.equal(readFileSync(join(folder, 'system.yaml'), 'utf8'), before);
});

const wrong: [args: string[], expected: RegExp][] = [
  [['crash-test', 'no-such-system'], /there is no system no-such-system: give a folder .* or one of .*python-autocommit/],
  [['crash-test', 'python-autocommit', '--minutes', 'long'], /--minutes long is not allowed: a number from 0\.1 to 1440/],
  [['crash-test', 'python-autocommit', '--brokers', '2'], /--brokers 2 is not allowed: 1 or 3/],
  [['crash-test', 'python-autocommit', '--faults', 'kill,flood'], /--faults flood is not allowed: kill, freeze/],
];

for (const [args, expected] of wrong) {
  test(`${args.join(' ')} is one line and exit code 2`, async () => {
    using cli = newCli({ KAFKA_BROKERS: '' });
    const { exitCode, stderr } = await cli.run(...args);
    assert.equal(exitCode, 2);
    assert.match(stderr, expected);
  });
}

test('a wrong file is a line each, with place, and exit code 2', async () => {
  using cli = newCli({ KAFKA_BROKERS: '' });
  const folder = join(dirname(cli.home), 'a wrong system');
  mkdirSync(folder);
  writeFileSync(join(folder, 'system.yaml'), 'name: Wrong One\ntopics: { a: { partitions: 0 } }\nservices: {}\nledger: []\nload: {}\n');
  const { exitCode, stderr } = await cli.run('crash-test', folder);
  assert.equal(exitCode, 2);
  assert.match(stderr, /a wrong system\/system\.yaml:1:7: name is "Wrong One".*\n.*system\.yaml:2:28: topics\.a\.partitions is 0/);
});

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Command } from 'commander';
import { execa } from 'execa';
import { tempHome } from '../../order-lab/fixtures/running-lab.ts';

const main = join(import.meta.dirname, '../../../src/order-lab/cli/main.ts');

/** Runs the CLI as people do. */
const lab = (args: string[], env: Record<string, string> = {}) =>
  execa(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
    extendEnv: false,
    reject: false,
  });

test('without a verb the help is printed', async () => {
  const { exitCode, stdout } = await lab([]);
  assert.equal(exitCode, 0);
  for (const verb of ['up', 'down', 'ps', 'logs', 'scale', 'set', 'lag', 'doctor'])
    assert.match(stdout, new RegExp(`^ {2}${verb}\\b`, 'm'));
});

test('a reader who has enough ends any verb quietly, as with | head', async () => {
  const script = '"$0" --disable-warning=ExperimentalWarning "$@" | true';
  for (const args of [['--help'], ['ps', '--help'], ['doctor']]) {
    const { exitCode, stderr } = await execa('sh', ['-c', script, process.execPath, main, ...args], { reject: false });
    assert.deepEqual([exitCode, stderr], [0, ''], args.join(' '));
  }
});

test('every verb has a help with an example', async () => {
  const { buildProgram } = await import('../../../src/order-lab/cli/main.ts');
  const leaves = (command: Command): Command[] => (command.commands.length === 0 ? [command] : command.commands.flatMap(leaves));
  for (const verb of leaves(await buildProgram())) {
    let text = '';
    verb.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
    assert.match(text, /Examples?:\n +\.\/lab /, verb.name());
  }
});

test('wrong usage ends with exit code 2 and one line on stderr', async (t) => {
  const home = { LAB_HOME: tempHome(t) };
  const calls: [string[], Record<string, string>][] = [
    [['nonsense'], home],
    [['ps', '--nonsense'], home],
    [['scale', 'inventory-service=many'], home],
    [['stop', 'nonsense'], home],
    [['set', 'inventory-service', 'throttle=fast'], home],
    [['reset'], home],
    [['test', 'docs'], home],
    [['test', 'test/lab/cli', 'test/nowhere'], home],
    [['ps'], { ...home, LAB_PORT: 'abc' }],
  ];
  await Promise.all(
    calls.map(async ([args, env]) => {
      const { exitCode, stdout, stderr } = await lab(args, env);
      assert.equal(exitCode, 2, args.join(' '));
      assert.equal(stdout, '');
      assert.equal(stderr.split('\n').length <= 2, true, stderr);
      assert.doesNotMatch(stderr, /\n +at /);
    }),
  );
});

test('an operation that fails ends with exit code 1 and says what to do', async (t) => {
  const home = tempHome(t);
  const { exitCode, stderr } = await lab(['ps'], { LAB_HOME: home });
  assert.equal(exitCode, 1);
  assert.match(stderr, /no lab is running in .*: start one with \.\/lab up/);
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'thesis.txt'), '');
  const reset = await lab(['reset', '--yes'], { LAB_HOME: home });
  assert.equal(reset.exitCode, 1);
  assert.match(reset.stderr, /nothing was deleted/);
});

test('down where nothing runs is fine', async (t) => {
  const { exitCode, stdout } = await lab(['down', '--json'], { LAB_HOME: tempHome(t) });
  assert.equal(exitCode, 0);
  assert.deepEqual(JSON.parse(stdout), { wasRunning: false, orphansEnded: 0 });
});

test('node passes arguments and the exit code through', async () => {
  const { exitCode, stdout } = await lab([
    'node',
    '-e',
    'console.log(process.argv.slice(1).join()); process.exitCode = 7',
    'a b',
    '--json',
  ]);
  assert.equal(stdout, 'a b,--json');
  assert.equal(exitCode, 7);
});

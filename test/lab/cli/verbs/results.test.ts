import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { reportWith } from '../../../order-lab/scenario/support.ts';
import { type Cli, newCli } from '../../../support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'replayground-results-'));
const metricsDir = join(folder, 'results');
const elsewhere = join(folder, 'brought along');
let cli: Cli;

const write = (to: string, text: string): void => {
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, 'report.json'), text);
};
const report = (name: string, day: number, measured: string): string =>
  JSON.stringify(
    reportWith({
      name,
      startedAt: `2026-11-0${day}T10:00:00.000Z`,
      checks: [{ claim: 'throughput', held: true, expected: 'at least 1', measured, lookAt: './lab lag' }],
    }),
  );

before(() => {
  write(join(metricsDir, 'a-scenario', 'run-1'), report('a-scenario', 1, '200 orders/s'));
  write(join(metricsDir, 'a-scenario', 'run-2'), report('a-scenario', 2, '300 orders/s'));
  write(elsewhere, report('another', 3, '7 orders/s'));
  write(join(folder, 'torn'), '{"name":');
  cli = newCli({ METRICS_DIR: metricsDir });
});
after(() => {
  cli[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

test('a run is compared with itself: nothing differs, and it says so', async () => {
  const { exitCode, stdout, stderr } = await cli.run('results', 'compare', 'a-scenario', 'a-scenario/run-2/');
  assert.equal(exitCode, 0, stderr);
  assert.match(stdout, /^before {2}held {2}a-scenario\/run-2\nafter {3}held {2}a-scenario\/run-2$/m);
  assert.match(stdout, /^every check has the same verdict in both$/m);
  assert.match(stdout, /^nothing was different about them, as far as is known$/m);
});

test('a run of a folder from elsewhere is compared too, with a note that it is another thing', async () => {
  const { exitCode, stdout, stderr } = await cli.run('results', 'compare', 'a-scenario~1', elsewhere);
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, /^note: these are runs of two things, a-scenario and another$/m);
  assert.match(stdout, /throughput +200 orders\/s +7 orders\/s +-96\.5%/);
  const json = JSON.parse((await cli.run('results', 'compare', 'a-scenario~1', elsewhere, '--json')).stdout);
  assert.deepEqual([json.before.id, json.after.name], ['a-scenario/run-1', 'another']);
});

test('what cannot be compared is told in one line that names what there is: 1 for a run that is not there, 2 for wrong usage', async () => {
  const cases: [args: string[], exitCode: number, message: RegExp][] = [
    [['nobody', 'a-scenario'], 1, /^lab: there is no run nobody in .*results: \.\/lab results lists all\n?$/],
    [
      ['a-scenario', 'a-scenario~2'],
      1,
      /^lab: there is no run a-scenario~2 in .*: there are 2 of a-scenario, a-scenario~1 is the oldest\n?$/,
    ],
    [['a-scenario', join(folder, 'torn')], 1, /^lab: there is no run .*torn in .*: \.\/lab results lists all\n?$/],
    [['a-scenario'], 2, /missing required argument 'after'/],
    [['a-scenario', 'a-scenario~1', 'a-scenario'], 2, /too many arguments/],
  ];
  for (const [args, wanted, message] of cases) {
    const { exitCode, stdout, stderr } = await cli.run('results', 'compare', ...args);
    assert.deepEqual([exitCode, stdout], [wanted, ''], args.join(' '));
    assert.match(stderr, message);
  }
  const { exitCode, stdout, stderr } = await cli.run('results', 'compare', 'nobody', 'a-scenario', '--json');
  assert.deepEqual([exitCode, stdout, JSON.parse(stderr.trim()).error.code], [1, '', 'no-run']);
});

test('where there is no run yet, it says how to get one', async () => {
  using empty = newCli({ METRICS_DIR: join(folder, 'nothing') });
  const { exitCode, stdout, stderr } = await empty.run('results');
  assert.deepEqual([exitCode, stdout], [0, '']);
  assert.match(stderr, /^no runs in .*nothing yet: \.\/lab run <scenario>, \.\/lab crash-test <system>$/m);
  assert.deepEqual(JSON.parse((await empty.run('results', '--json')).stdout), []);
  assert.match((await cli.run('results', '--name', 'nobody')).stderr, /^no runs of nobody in /m);
});

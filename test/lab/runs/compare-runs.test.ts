import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { changeOf, compareRuns, historyOf, median } from '../../../src/lab/runs/compare-runs.ts';
import { changeText, historyColumns, historyRows } from '../../../src/lab/runs/comparison-text.ts';
import { findRun, findRuns } from '../../../src/lab/runs/find-runs.ts';
import { figureOf, type RunFacts, runFacts } from '../../../src/lab/runs/run-facts.ts';
import { reportPage } from '../../../src/order-lab/scenario/report/report-page.ts';
import { reportWith, sampleOf } from '../../order-lab/scenario/support.ts';
import { newCli } from '../../support/run-cli.ts';

const day = (n: number): string => `2026-11-0${n}T10:00:00.000Z`;
const check = (claim: string, held: boolean, measured: string) => ({ claim, held, measured, expected: 'at least 1', lookAt: './lab lag' });

const samplesOn = (n: number) => [0, 100, 0].map((left, second) => sampleOf(Date.parse(day(n)) + second * 1000, 100 - left, 100));

const reportOn = (n: number, measured: string, more: object = {}) =>
  reportWith({
    startedAt: day(n),
    samples: samplesOn(n),
    checks: [check('throughput', Number.parseFloat(measured) >= 100, measured)],
    versions: [{ name: 'Commit', value: `c${n}` }],
    machine: [{ name: 'Processor', value: 'ours' }],
    ...more,
  });
const runOn = (n: number, measured: string, more: object = {}): RunFacts =>
  runFacts(reportOn(n, measured, more), `a-scenario/${n}`) as RunFacts;

test('the number that a check has measured is a figure, and what is no number is none', () => {
  const cases: [string, { value: number; unit: string } | null][] = [
    ['1,234.5 orders/s', { value: 1234.5, unit: 'orders/s' }],
    ['0', { value: 0, unit: '' }],
    ['-3', { value: -3, unit: '' }],
    ['2.7 % (27 of 1,000)', { value: 2.7, unit: '%' }],
    ['true', null],
    ['nothing', null],
    ['sha256:12', null],
    ['2026-11-20T20:30:00Z', null],
    ['3rd', null],
  ];
  for (const [measured, wanted] of cases) {
    assert.deepEqual(figureOf('claim', measured), wanted === null ? [] : [{ name: 'claim', ...wanted }], measured);
  }
});

test('two runs differ in what held, in figures, and in what they were measured on', () => {
  const { checks, figures, conditions } = compareRuns(runOn(1, '200 orders/s'), runOn(2, '50 orders/s'));
  assert.deepEqual(checks, [{ claim: 'throughput', before: '200 orders/s', after: '50 orders/s', heldBefore: true, heldAfter: false }]);
  assert.deepEqual(
    figures.find(({ name }) => name === 'throughput'),
    { name: 'throughput', unit: 'orders/s', before: 200, after: 50, change: -0.75 },
  );
  assert.deepEqual(figures.find(({ name }) => name.startsWith('highest lag'))?.change, 0);
  assert.deepEqual(conditions, [{ name: 'Commit', before: 'c1', after: 'c2' }]);
});

test('what only one of two runs has is told as such', () => {
  const other = runOn(2, '200', { checks: [check('another', true, '7')], settings: [{ name: 'FAIL_RATE', value: '0.3' }] });
  const { checks, figures, conditions } = compareRuns(runOn(1, '200'), other);
  assert.deepEqual(
    checks.map(({ claim, heldBefore, heldAfter }) => [claim, heldBefore, heldAfter]),
    [
      ['another', null, true],
      ['throughput', true, null],
    ],
  );
  assert.equal(figures.find(({ name }) => name === 'another')?.before, null);
  assert.deepEqual(conditions.at(-1), { name: 'FAIL_RATE', before: null, after: '0.3' });
});

test('a run stands beside the last one and the median of the last five of its kind, name and machine', () => {
  const values = [100, 900, 300, 500, 400, 200];
  const before = values.map((value, index) => runOn(index + 1, `${value}`));
  const strangers = [runOn(8, '1', { name: 'other' }), runOn(8, '1', { machine: [{ name: 'Processor', value: 'theirs' }] }), runOn(9, '1')];
  const history = historyOf(runOn(8, '800'), [...before, ...strangers]);
  assert.ok(history);
  assert.equal(history.runs.length, 5);
  assert.equal(history.runs[0]?.id, 'a-scenario/6');
  assert.deepEqual(
    history.figures.find(({ name }) => name === 'throughput'),
    { name: 'throughput', unit: '', now: 800, last: 200, median: 400 },
  );
  assert.deepEqual(history.conditions, [{ name: 'Commit', before: 'c6', after: 'c8' }]);
  assert.deepEqual(
    historyRows(history).find(([name]) => name === 'throughput'),
    ['throughput', '800', '200', '400', '+100%'],
  );
  assert.deepEqual(historyColumns(history).slice(2, 4), ['The last, 2026-11-06 10:00', 'Median of the last 5']);
  assert.equal(historyOf(runOn(1, '100'), before), null, 'the first has none before it');
  assert.deepEqual(history.curves, {
    'inventory-group': [
      [0, 0],
      [1, 100],
      [2, 0],
    ],
  });
  const page = reportPage(reportOn(8, '800', { history }));
  assert.match(page, /the last run, all partitions/);
  assert.match(page, /Beside the runs before/);
  assert.match(page, /\+100%/);
});

test('the median of an even number is between the two in the middle, of nothing it is nothing', () => {
  assert.deepEqual([median([3, 1, 2]), median([4, 1, 3, 2]), median([])], [2, 2.5, null]);
  assert.deepEqual([changeText(0.1251), changeText(-0.5), changeText(0.0001), changeText(null)], ['+12.5%', '-50%', 'same', '']);
});

test('a change is told of what there was: none of nothing, and from 0 only where it stays 0', () => {
  const cases: [number | null, number | null, number | null][] = [
    [4, 5, 0.25],
    [-4, -5, -0.25],
    [0, 0, 0],
    [0, 3, null],
    [null, 3, null],
    [3, null, null],
  ];
  for (const [was, is, change] of cases) assert.equal(changeOf(was, is), change);
});

test('a crash test is a run too', () => {
  const json = {
    system: 'invoicer',
    seed: '7',
    minutes: 3,
    sent: 900,
    startedAt: day(1),
    endedAt: day(2),
    outcome: 'not-held',
    faults: [
      { kind: 'kill', atWorkAfterSec: 4 },
      { kind: 'duplicate', atWorkAfterSec: null },
    ],
    verdict: { lost: 3, stalledSec: 12, cameBack: true },
  };
  const run = runFacts(json, 'crash-tests/invoicer/1');
  assert.deepEqual([run?.kind, run?.name, run?.verdict], ['crash-test', 'invoicer', 'not-held']);
  assert.deepEqual(run?.figures.map(({ name, value }) => [name, value]).slice(0, 5), [
    ['lost', 3],
    ['stalled', 12],
    ['faults', 2],
    ['records sent', 900],
    ['at work again after a fault, at most', 4],
  ]);
  assert.equal(runFacts({ anything: 1 }, 'x'), undefined);
});

test('runs are found by id, folder and name, and ./lab results lists and compares them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'replayground-results-'));
  try {
    for (const [n, measured] of [
      [1, '200'],
      [2, '50'],
    ] as const) {
      mkdirSync(join(folder, 'a-scenario', `run-${n}`), { recursive: true });
      writeFileSync(join(folder, 'a-scenario', `run-${n}`, 'report.json'), JSON.stringify(reportOn(n, measured, { held: n === 1 })));
    }
    mkdirSync(join(folder, 'a-scenario', 'broken'));
    writeFileSync(join(folder, 'a-scenario', 'broken', 'report.json'), '{"held":');
    assert.deepEqual(
      findRuns(folder).map(({ id }) => id),
      ['a-scenario/run-2', 'a-scenario/run-1'],
    );
    const oldest = ['a-scenario/run-1', join(folder, 'a-scenario/run-1'), 'a-scenario~1'].map((wanted) => findRun(folder, wanted).id);
    assert.deepEqual(oldest, ['a-scenario/run-1', 'a-scenario/run-1', 'a-scenario/run-1']);
    assert.throws(() => findRun(folder, 'a-scenario~5'), /there are 2 of a-scenario, a-scenario~1 is the oldest/);

    using cli = newCli({ METRICS_DIR: folder });
    const listed = await cli.run('results');
    assert.match(listed.stdout, /NOT HELD +scenario +2026-11-02 10:00:00 +3\.0 s +0 of 1 +a-scenario\/run-2/);
    const compared = await cli.run('results', 'compare', 'a-scenario~1', 'a-scenario');
    assert.match(compared.stdout, /throughput +held: 200 +NOT HELD: 50/);
    assert.match(compared.stdout, /throughput +200 +50 +-75%/);
    assert.match(compared.stdout, /Commit +c1 +c2/);
    const json = JSON.parse((await cli.run('results', 'compare', 'a-scenario~1', 'a-scenario', '--json')).stdout);
    assert.equal(json.conditions[0].name, 'Commit');
    const wrong = await cli.run('results', 'compare', 'nobody', 'a-scenario');
    assert.equal(wrong.exitCode, 1);
    assert.match(wrong.stderr, /^lab: there is no run nobody in .*: \.\/lab results lists all\n?$/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chartSvg, spread } from '../../../src/lab/report/chart.ts';
import { junitXml } from '../../../src/lab/report/junit.ts';
import { fromLogScale, toLogScale } from '../../../src/lab/report/log-scale.ts';
import { indexPage } from '../../../src/lab/runs/index-page.ts';
import { runFacts } from '../../../src/lab/runs/run-facts.ts';
import { byHandScript } from '../../../src/order-lab/scenario/report/by-hand-script.ts';
import { reportPage } from '../../../src/order-lab/scenario/report/report-page.ts';
import { names, reportWith, sampleOf } from './support.ts';

const failing = { claim: 'a <b> & "c"', held: false, expected: 'at least 2.7', measured: '2.5', lookAt: './lab lag' };

test('the page stands alone: no script, and nothing is fetched from elsewhere', () => {
  const page = reportPage(reportWith());
  assert.doesNotMatch(page, /<script/i);
  assert.doesNotMatch(page, /(src|href)="(https?:)?\/\//i);
  assert.doesNotMatch(page, /@import|url\((?!#)/i);
  assert.match(page, /prefers-color-scheme: dark/);
  assert.match(page, /@media print/);
});

test('the page says what was done, what held, and how to do it by hand', () => {
  const page = reportPage(
    reportWith({
      held: false,
      checks: [failing],
      comparisons: [{ title: 'Before and after', rows: [] }],
      tables: [{ title: 'What it costs', columns: ['Delivery', 'Lost'], rows: [['at-most-once', 1234]] }],
    }),
  );
  for (const text of [
    'burst of 100 orders',
    './lab burst 100',
    '0 of 1 checks held',
    'Look at: ./lab lag',
    'Before and after',
    'What it costs',
    'at-most-once',
    '1,234',
    'metrics.txt',
  ]) {
    assert.ok(page.includes(text), text);
  }
  assert.ok(page.includes('a &lt;b'), 'texts are escaped');
  assert.ok(!page.includes('a <b>'));
});

test('a recording beside the report is linked from it, one that is not there is not', () => {
  const page = (files: string[]): string => reportPage(reportWith({ files }));
  assert.match(page(['recording.html']), /<a href="recording.html"><b>Play this run back/);
  assert.doesNotMatch(page([]), /recording/);
});

test('charts have no number that is none, whatever the samples lack', () => {
  const startMs = Date.parse(reportWith().startedAt);
  const gaps = [
    sampleOf(startMs, undefined, undefined),
    sampleOf(startMs, 0, 5),
    sampleOf(startMs, 9, 5),
    { atMs: startMs + 900, groups: [], metrics: undefined },
  ];
  for (const samples of [reportWith().samples, gaps, []]) {
    const page = reportPage(reportWith({ samples }));
    assert.doesNotMatch(page, /NaN|Infinity|undefined/);
  }
});

test('a chart takes its colours from the page, so that it fits light, dark and paper', () => {
  const lines = Array.from({ length: 7 }, (_, index) => ({
    name: `line ${index}`,
    points: [[0, 1] as [number, number], [2, 3] as [number, number]],
  }));
  const svg = chartSvg({ lines, marks: [{ atSec: 1, number: 4, what: 'kill' }], unit: 'records', untilSec: 2, describedAs: 'Lag' });
  assert.doesNotMatch(svg, /#[01]0000\d/);
  assert.match(svg, /var\(--series-1\)/);
  assert.match(svg, /aria-label="Lag"/);
  assert.match(svg, />4<\/text>/);
});

test('a picture is drawn as lines over numbers and as bars over names, with each figure', () => {
  const series = [
    { name: 'Consumer group', values: [100, 300] },
    { name: 'Share group', values: [101, 1234] },
  ];
  const drawn = (values: (number | string)[]) =>
    reportPage(reportWith({ pictures: [{ title: 'Records a second', over: { name: 'workers', values }, unit: 'records/s', series }] }));
  for (const page of [drawn([1, 9]), drawn(['joins', 'leaves'])]) {
    assert.match(page, /aria-label="Records a second"/);
    for (const text of ['Consumer group', 'Share group', 'workers', '1,234']) assert.ok(page.includes(`>${text}</text>`), text);
    assert.doesNotMatch(page, /#[01]0000\d|NaN|undefined/);
  }
  assert.ok(drawn(['joins', 'leaves']).includes('>leaves</text>'));
});

test('marks that would cover each other share a label', () => {
  const marks = [0.4, 0.6, 9.8, 60].map((atSec, index) => ({ atSec, number: index + 1, what: 'x' }));
  assert.deepEqual(spread(marks), [
    { atSec: 0.4, label: '1,2' },
    { atSec: 9.8, label: '3' },
    { atSec: 60, label: '4' },
  ]);
});

test('the logarithmic scale has a place for 0 and gives back what it took', () => {
  for (const value of [0, 0.5, 1, 10, 284, 14_000]) assert.ok(Math.abs(fromLogScale(toLogScale(value)) - value) < 1e-9 * (value + 1));
  assert.equal(toLogScale(100), 3);
});

test('JUnit XML has a case per check, and a failure that says what to look at', () => {
  const xml = junitXml(reportWith({ held: false, checks: [...reportWith().checks, failing] }));
  assert.match(xml, /<testsuite [^>]*tests="2"[^>]*failures="1"/);
  assert.match(xml, /name="a &lt;b&gt; &amp; &quot;c&quot;"|name="a &lt;b> &amp; &quot;c&quot;"/);
  assert.match(xml, /expected at least 2.7, measured 2.5/);
  assert.match(xml, /Look at: \.\/lab lag/);
});

test('by hand it begins with the lab as the scenario wants it, and ends with taking it down', () => {
  const script = byHandScript(reportWith({ environment: { INVENTORY_FAIL_RATE: '0.3' }, scale: 3 }));
  assert.deepEqual(script.split('\n'), [
    'INVENTORY_FAIL_RATE=0.3 ./lab up --detach --scale inventory-service=3',
    './lab burst 100',
    '#   ./lab kafka producer-perf-test',
    './lab down',
  ]);
});

test('the index links to every run and says which did not hold', () => {
  const held = { ...failing, held: true };
  const run = runFacts(reportWith({ held: false, checks: [held, failing], files: ['recording.html'] }), 'a-scenario/2026');
  const page = indexPage(run ? [run] : []);
  assert.match(page, /href="a-scenario\/2026\/report.html"/);
  assert.match(page, /href="a-scenario\/2026\/recording.html"/);
  assert.match(page, /NOT HELD/);
  assert.match(page, /1 of 2/);
  assert.equal(names.orders, 'order-events');
});

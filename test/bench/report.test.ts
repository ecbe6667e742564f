import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { measure } from '../../bench/measures.ts';
import { targetText, verdict } from '../../bench/report/format.ts';
import { renderTable } from '../../bench/report/table.ts';
import { writeReport } from '../../bench/report/write-report.ts';
import type { PartResult } from '../../bench/result.ts';

const result = (part: PartResult['part'], more: Partial<PartResult> = {}): PartResult => ({
  part,
  title: `Part ${part}`,
  measuredAt: '2026-11-21T15:00:00.000Z',
  tookSec: 12,
  rounds: 3,
  quick: false,
  environment: { machine: 'a machine', versions: { Node: '24' } },
  load: { average: 0.1, busy: false },
  settings: { orders: 1000 },
  measures: [
    measure({ name: 'speed', unit: 'records/s', target: { of: 'ratio', atLeast: 1.5 } }, [2000, 2100, 1900], {
      name: 'a peer',
      rounds: [1000, 1100, 1050],
    }),
  ],
  checks: [{ claim: 'outputs are equal', held: true, detail: 'digest abc' }],
  ...more,
});

test('a target is met by the median: of the ratio where it is one, else of ours', () => {
  const [speed] = result('produce').measures;
  assert.ok(speed);
  assert.equal(targetText(speed), 'ratio >= 1.5');
  assert.equal(verdict(speed), 'met');
  const slow = measure({ name: 'time', unit: 's', target: { of: 'ours', below: 1 } }, [1.2, 0.9, 1.1]);
  assert.equal(targetText(slow), '< 1 s');
  assert.equal(verdict(slow), 'NOT MET');
  assert.equal(verdict(measure({ name: 'time', unit: 's' }, [1])), '');
});

test('where less is better, a ratio above 1 says that ours takes less', () => {
  const time = measure({ name: 'time', unit: 's' }, [1, 1, 1], { name: 'a peer', rounds: [2, 2, 2] });
  assert.equal(time.ratio?.value, 2);
});

test('a part that runs again replaces its last result and leaves the others as they are', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'replayground-report-'));
  try {
    await writeReport(folder, result('view'));
    await writeReport(folder, result('produce'));
    await writeReport(folder, result('view', { tookSec: 99 }));
    const stored = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as PartResult[];
    assert.deepEqual(
      stored.map(({ part, tookSec }) => [part, tookSec]),
      [
        ['produce', 12],
        ['view', 99],
      ],
    );
    const document = readFileSync(join(folder, 'RESULTS.md'), 'utf8');
    for (const text of ['## produce', '## view', 'took 99 s', 'ratio >= 1.5', 'met', '![Part view, records/s](charts/view.svg)']) {
      assert.ok(document.includes(text), text);
    }
    assert.match(readFileSync(join(folder, 'charts', 'view.svg'), 'utf8'), /^<svg .*a peer.*<\/svg>$/s);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the table says what did not hold, which peer is missing, and when the machine was busy', () => {
  const text = renderTable([
    result('produce', {
      checks: [{ claim: 'outputs are equal', held: false, detail: '2 of 3' }],
      missing: ['no Python peer: python3 is not here'],
      load: { average: 7, busy: true },
    }),
  ]);
  assert.match(text, /NOT SO: outputs are equal \(2 of 3\)/);
  assert.match(text, /no Python peer/);
  assert.match(text, /THE MACHINE WAS BUSY/);
});

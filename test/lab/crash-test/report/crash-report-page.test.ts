import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashReportPage } from '../../../../src/lab/crash-test/report/crash-report-page.ts';
import type { CrashTestResult } from '../../../../src/lab/crash-test/report/result.ts';
import type { Sample } from '../../../../src/lab/crash-test/watch/group-history.ts';
import { openBrowser, seriousViolations } from '../../../support/browser.ts';

const look = (second: number): Sample => ({
  atMs: second * 1000,
  groups: [{ group: 'g', members: 1, partitions: [{ topic: 'in', partition: 0, committed: second, end: second + 9, owner: 'a' }] }],
  transactionOpen: false,
  written: second,
  alive: new Set(['g']),
});
const nothing = { lost: 0, repeated: 0, invented: 0, outOfOrder: 0, poisoned: 0 };

/** A broker was away from second 3 to 20. */
const result: CrashTestResult = {
  system: 'copy',
  summary: 'A <copier>',
  seed: '7',
  minutes: 1,
  brokers: 1,
  sent: 100,
  ids: 100,
  startMs: 0,
  endMs: 30_000,
  faults: [
    {
      kind: 'kill',
      target: 'a.1',
      at: 1000,
      until: 1200,
      detail: '5 records were not committed',
      ...nothing,
      repeated: 3,
      atWorkAfterSec: 1.5,
    },
    { kind: 'broker', target: 'broker 1', at: 3000, until: 20_000, detail: 'away for 17.0 s', ...nothing, atWorkAfterSec: null },
  ],
  verdict: {
    ...nothing,
    repeated: 4,
    unread: 0,
    stalledSec: 2,
    cameBack: true,
    behavesAs: 'at-least-once',
    claim: 'at-least-once',
    held: true,
  },
  outcome: 'held',
  sometimes: [{ situation: 'a kill', times: 1, needed: 1 }],
  firstFindings: [{ kind: 'repeated', jepsen: 'duplicate', id: 'o-1', text: 'in in/0@1 at 0.1 s; out twice', in: [], out: [], faults: [] }],
  notBack: [],
  remarks: ['topic other was made by a process'],
  skippedMarkers: [],
  samples: [look(0), look(1), look(2), look(21), look(22), look(23)],
};

test('the page shows verdict, costs, stories and time, and is readable in light and dark', async () => {
  const browser = await openBrowser();
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await (await browser.newContext({ colorScheme, bypassCSP: true })).newPage();
      await page.setContent(crashReportPage(result, { isRecorded: true, history: null }));
      const text = await page.innerText('body');
      for (const one of [
        'Crash test: copy',
        'A <copier>',
        'behaves as at-least-once; it claims at-least-once',
        'topic other was made',
        'out twice',
      ])
        assert.ok(text.includes(one), one);
      const rows = await page.locator('h2:has-text("has cost") + .scroll tbody tr').allInnerTexts();
      assert.deepEqual(
        rows.map((row) => row.split('\t').map((cell) => cell.trim())),
        [
          ['kill', '1', '0', '3', '0', 'after 1.5 s'],
          ['broker', '1', '0', '0', '0', 'not seen'],
          ['before any', '', '0', '1', '0', ''],
        ],
      );
      assert.equal(await page.locator('svg[role=img]').count(), 1);
      assert.deepEqual(await seriousViolations(page), []);
    }
  } finally {
    await browser.close();
  }
});

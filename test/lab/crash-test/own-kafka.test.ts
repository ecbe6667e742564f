import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { CrashTestResult } from '../../../src/lab/crash-test/result.ts';
import { skippedText } from '../../../src/lab/crash-test/skipped-markers.ts';
import { copierSystem, testSystem } from './stage.ts';

const tries = 3;

/** A run in which Kafka itself skipped ends of transactions shows nothing about the copier: then the storm comes again. */
async function runWithAllMarkers(context: TestContext): Promise<CrashTestResult> {
  for (let left = tries; ; left -= 1) {
    const result = await testSystem(context, {
      system: copierSystem('writes-elsewhere'),
      minutes: 0.15,
      kinds: ['broker'],
      theirs: undefined,
    });
    if (result.skippedMarkers.length === 0) return result;
    assert.ok(left > 1, `Kafka skipped ends of transactions in each of ${tries} runs: they show nothing about the copier`);
    context.diagnostic(`once more: ${skippedText(result.skippedMarkers).join()}`);
  }
}

test('the only broker is killed with a transaction open: nothing is lost, and a topic that nobody named is told', async (context) => {
  const { verdict, sometimes, faults, firstFindings, remarks } = await runWithAllMarkers(context);
  assert.deepEqual(firstFindings, []);
  assert.ok(verdict.held && verdict.behavesAs === 'exactly-once');
  const [broker] = faults;
  assert.equal(broker?.kind, 'broker');
  assert.match(broker.detail, /^away for [\d.]+ s, a transaction was open$/);
  assert.ok(Number(broker.atWorkAfterSec) > 0, 'it was at work again');
  assert.ok(sometimes.every(({ times, needed }) => times >= needed));
  assert.equal(remarks.length, 1);
  assert.match(remarks[0] ?? '', /^topic elsewhere was made by a process and is not in system.yaml, .*: \d+ records in it are not judged$/);
});

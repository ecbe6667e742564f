import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copierSystem, testWithAllMarkers } from '../stage.ts';

test('the only broker is killed with a transaction open: nothing is lost, and a topic that nobody named is told', async (context) => {
  const { verdict, sometimes, faults, firstFindings, remarks } = await testWithAllMarkers(context, {
    system: copierSystem('writes-elsewhere'),
    minutes: 0.15,
    kinds: ['broker'],
    theirs: undefined,
  });
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

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault, FaultKind } from '../../../../src/lab/crash-test/faults/fault.ts';
import { costsByKind, withCosts } from '../../../../src/lab/crash-test/judge/fault-costs.ts';
import type { Finding, FindingKind } from '../../../../src/lab/crash-test/judge/judge-ledger.ts';
import type { Sample } from '../../../../src/lab/crash-test/watch/group-history.ts';

const fault = (kind: FaultKind, at: number, target = 'a.1'): Fault => ({ kind, target, at, until: at + 1000, detail: '' });
const record = (topic: string, offset: number, at: number) => ({ topic, partition: 0, offset, at, id: 'o-1', key: null });
const finding = (kind: FindingKind, inputAt: number, ...outputs: number[]): Finding => ({
  kind,
  id: 'o-1',
  from: 'in',
  to: 'out',
  inputs: [record('in', 7, inputAt)],
  outputs: outputs.map((at, offset) => record('out', offset, at)),
});

test('a repeat is counted with the last fault that had begun when it was written again', () => {
  const faults = [fault('kill', 10_000), fault('freeze', 20_000), fault('stop', 40_000)];
  const costs = withCosts(faults, [finding('repeated', 9000, 9500, 26_000), finding('repeated', 1000, 1000, 2000)], []);
  assert.deepEqual(
    costs.map(({ repeated }) => repeated),
    [0, 1, 0],
  );
});

test('a record that came in twice, and one that cannot be read, answer for what is about them alone', () => {
  const faults = [
    fault('kill', 1000),
    fault('duplicate', 5000, 'o-1'),
    fault('unreadable', 6000, 'in/0@9'),
    fault('unreadable', 6000, 'in/1@9'),
  ];
  const findings = [
    finding('repeated', 1000, 1000, 7000),
    finding('poisoned', 6000),
    finding('lost', 6500),
    finding('outOfOrder', 6500, 7000),
  ];
  const costs = costsByKind(withCosts(faults, findings, []));
  assert.deepEqual(
    costs.map(({ kind, lost, repeated, poisoned, outOfOrder }) => [kind, lost, repeated, poisoned, outOfOrder]),
    [
      ['kill', 0, 0, 0, 1],
      ['duplicate', 0, 1, 0, 0],
      ['unreadable', 1, 0, 1, 0],
    ],
  );
});

test('a system is at work again when something was written and every partition was committed further', () => {
  const look = (atMs: number, committed: number): Sample => ({
    atMs,
    groups: [{ group: 'g', members: 1, partitions: [{ topic: 'in', partition: 0, committed, end: 100, owner: 'a' }] }],
    transactionOpen: false,
    written: committed,
    alive: new Set(['g']),
  });
  const samples = [look(0, 1), look(1000, 2), look(2500, 2), look(3000, 2), look(4000, 3)];
  assert.equal(withCosts([fault('kill', 500)], [], samples)[0]?.atWorkAfterSec, 3.5);
  assert.equal(withCosts([fault('kill', 3500)], [], samples)[0]?.atWorkAfterSec, null);
});

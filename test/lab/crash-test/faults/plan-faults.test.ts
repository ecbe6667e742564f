import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultKinds } from '../../../../src/lab/crash-test/faults/fault.ts';
import { planFaults } from '../../../../src/lab/crash-test/faults/plan-faults.ts';

const options = { seed: '7', kinds: faultKinds, services: ['a', 'b'], scalable: ['b'], count: 200 };

test('the same seed plans the same faults, another one others', () => {
  assert.deepEqual(planFaults(options), planFaults(options));
  assert.notDeepEqual(planFaults(options), planFaults({ ...options, seed: '8' }));
});

test('every kind comes once at first, and what may stop a service for good comes last of them and once', () => {
  const kinds = planFaults(options).map(({ kind }) => kind);
  assert.deepEqual(kinds.slice(0, faultKinds.length).sort(), [...faultKinds].sort());
  assert.equal(kinds.indexOf('unreadable'), faultKinds.length - 1);
  assert.equal(kinds.lastIndexOf('unreadable'), faultKinds.length - 1);
});

test('only what was asked for comes, and only services that can be scaled are', () => {
  assert.ok(planFaults({ ...options, kinds: ['kill'] }).every(({ kind }) => kind === 'kill'));
  assert.ok(planFaults(options).every(({ kind, service }) => kind !== 'scale' || service === 'b'));
  assert.ok(planFaults({ ...options, scalable: [] }).every(({ kind }) => kind !== 'scale'));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GroupState } from '../../../src/kafka/groups/group-state.ts';
import { committedIn, groupSample, lagIn, membershipOf, peakLag, ratesOf } from '../../../src/order-lab/scenario/sample.ts';
import { names, sampleOf } from './support.ts';

const group = names.inventoryGroup;

test('lag is the sum over the partitions that are known', () => {
  assert.equal(lagIn(sampleOf(0, 40, 100), group), 60);
  assert.equal(lagIn(sampleOf(0, undefined, 100), group), 100);
  assert.equal(lagIn(sampleOf(0, 0, 0), 'another-group'), undefined);
});

test('the lag of a commit beyond the end of the log is not known', () => {
  const at = { topic: names.orders, partition: 0, first: 0, start: 0, end: 100, owner: undefined, error: undefined };
  const state: GroupState = {
    group,
    state: 'Empty',
    type: 'Classic',
    assignor: '',
    coordinator: undefined,
    members: [],
    partitions: [140, 100, undefined].map((committed) => ({ ...at, committed })),
    atMs: 0,
  };
  assert.deepEqual(
    groupSample(state).partitions.map(({ lag }) => lag),
    [undefined, 0, 100],
  );
});

test('the peak is the most that was sampled', () => {
  assert.equal(peakLag([sampleOf(0, 0, 10), sampleOf(1, 0, 90), sampleOf(2, 80, 90)], group), 90);
  assert.equal(peakLag([], group), 0);
});

test('a rate is growth over real time; where a counter falls back or is not known there is none', () => {
  const samples = [sampleOf(0, 0, 500), sampleOf(500, 50, 500), sampleOf(1500, 250, 500), sampleOf(2000, 0, 500), sampleOf(2000, 10, 500)];
  const rates = ratesOf(samples, (sample) => committedIn(sample, group)).map(({ perSec }) => perSec);
  assert.deepEqual(rates, [100, 200, undefined, undefined]);
  assert.deepEqual(
    ratesOf([sampleOf(0, 0, 0)], () => 1),
    [],
  );
});

test('members are counted from a moment on, and each is named once', () => {
  const samples = [
    sampleOf(0, 0, 0, ['a']),
    sampleOf(10, 0, 0, ['a', 'b']),
    sampleOf(20, 0, 0, ['a', 'b']),
    sampleOf(30, 0, 0, ['a', 'c']),
  ];
  assert.deepEqual(membershipOf(samples, group, 10), { least: 2, most: 2, ids: ['a', 'b', 'c'], samples: 3 });
  assert.deepEqual(membershipOf(samples, group, 99), { least: 0, most: 0, ids: [], samples: 0 });
});

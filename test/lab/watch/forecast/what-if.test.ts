import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assign, type Member, whatIf } from '../../../../src/lab/watch/forecast/what-if.ts';
import type { GroupView, Mark, Sample } from '../../../../src/lab/wire/all.ts';

const of = (topic: string, ...partitions: number[]) => partitions.map((partition) => ({ topic, partition }));
const member = (name: string, ...partitions: number[]): Member => ({ name, partitions: of('t', ...partitions) });
const shares = (assigned: readonly Member[]) =>
  Object.fromEntries(
    assigned.map(({ name, partitions }) => [name, partitions.map(({ topic, partition }) => `${topic}${partition}`).join(' ')]),
  );

test('partitions are shared out by the rules of the assignor', () => {
  const three = of('t', 0, 1, 2);
  const six = [...of('t', 0, 1, 2), ...of('u', 0, 1, 2)];
  const table: [what: string, assignor: string, members: Member[], partitions: typeof three, expected: Record<string, string>][] = [
    ['range: the first has one more', 'range', [member('a'), member('b')], three, { a: 't0 t1', b: 't2' }],
    [
      'range: topic by topic, so the first has one more of each',
      'range',
      [member('a'), member('b')],
      six,
      { a: 't0 t1 u0 u1', b: 't2 u2' },
    ],
    ['range: by name, as text', 'range', [member('a.10'), member('a.2')], three, { 'a.10': 't0 t1', 'a.2': 't2' }],
    [
      'range: more members than partitions',
      'range',
      [member('a'), member('b'), member('c'), member('d')],
      three,
      { a: 't0', b: 't1', c: 't2', d: '' },
    ],
    ['roundrobin: in turn, over all topics', 'roundrobin', [member('a'), member('b')], six, { a: 't0 t2 u1', b: 't1 u0 u2' }],
    [
      'uniform: a new one takes what is more than its share',
      'uniform',
      [member('a', 0, 1, 2), member('b')],
      three,
      { a: 't0 t1', b: 't2' },
    ],
    [
      'uniform: who has its share keeps it',
      'uniform',
      [member('a', 2), member('b', 0, 1), member('c')],
      three,
      { a: 't2', b: 't0', c: 't1' },
    ],
    ['uniform: what a member that goes had is dealt out', 'uniform', [member('b', 1)], three, { b: 't1 t0 t2' }],
    ['nobody', 'range', [], three, {}],
  ];
  for (const [what, assignor, members, partitions, expected] of table)
    assert.deepEqual(shares(assign(assignor, members, partitions)), expected, what);
});

const layout = {
  ends: of('t', 0, 1, 2),
  commits: of('t', 0, 1, 2).map((one) => ({ group: 'g', ...one })),
};
/** s.1 reads 200 a second of partitions 0 and 1, s.2 nothing: partition 1 has most of the lag. */
const samples = Array.from({ length: 21 }, (_, second): Sample => {
  const ends = [3000, 10_000, 100];
  const committed = [100 * second, 100 * second, 100];
  return {
    ...{ atMs: second * 1000, ends, committed, lag: ends.map((end, index) => end - (committed[index] ?? 0)) },
    ...{ inPerSec: 0, decidedPerSec: null, seenPerSec: null, ordersPerMin: null, endToEndMs: null },
  };
});
const reader = (number: number, ...partitions: number[]) => ({
  ...{ consumerId: `c${number}`, clientId: `s.${number}`, process: `s.${number}`, host: '' },
  partitions: of('t', ...partitions),
});
const group = {
  ...{ group: 'g', service: 's', assignor: 'range', drainSec: 45, members: [reader(1, 0, 1), reader(2, 2)] },
  partitions: [1000, 8000, 0].map((lag, partition) => ({ topic: 't', partition, lag, owner: { consumerId: partition < 2 ? 'c1' : 'c2' } })),
} as unknown as GroupView;
const known = { samples, layout, marks: [] as Mark[] };

test('with one more the lag is gone when its slowest reader is done, at what one instance reads', () => {
  const three = whatIf(known, group, 3);
  assert.deepEqual(
    three.readers.map(({ name, partitions, lag, sec }) => [name, partitions.map(({ partition }) => partition), lag, sec]),
    [
      ['s.1', [0], 1000, 5],
      ['s.2', [1], 8000, 40],
      ['s.3', [2], 0, 0],
    ],
  );
  assert.equal(three.perInstance, 200);
  assert.equal(three.text, 'With 3 instances: gone in about 40 s, now 45 s; s.2 has the most, 8,000 records, at 200/s.');
  assert.equal(whatIf(known, group, 1).text, 'With 1 instance: gone in about 45 s, now 45 s; s.1 has the most, 9,000 records, at 200/s.');
  assert.match(whatIf(known, group, 5).text, /; 2 of them are idle\.$/);
  assert.equal(whatIf(known, group, 0).text, 'With 0 instances nobody reads.');
});

test('what is not known is said', () => {
  assert.match(whatIf({ ...known, samples: samples.slice(-2) }, group, 3).text, /when it is gone is not known before an instance has read/);
  const none = { ...group, partitions: group.partitions.map((one) => ({ ...one, lag: 0 })) };
  assert.equal(whatIf(known, none, 4).text, 'With 4 instances nothing changes for the lag: there is none; one of them is idle.');
});

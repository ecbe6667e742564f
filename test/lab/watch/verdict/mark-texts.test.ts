import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newLetters, nobodyReads, rebalanceText, resetText, steadyGroups } from '../../../../src/lab/watch/verdict/mark-texts.ts';
import type { GroupView, Sample } from '../../../../src/lab/wire/all.ts';

type Shares = Record<string, [topic: string, partition: number][]>;

const group = (shares: Shares, topics = ['orders'], state: GroupView['state'] = 'Stable'): GroupView =>
  ({
    state,
    partitions: topics.flatMap((topic) => [0, 1, 2].map((partition) => ({ topic, partition }))),
    members: Object.entries(shares).map(([name, partitions]) => ({
      consumerId: name,
      clientId: name,
      process: name,
      partitions: partitions.map(([topic, partition]) => ({ topic, partition })),
    })),
  }) as unknown as GroupView;

const alone = group({
  a: [
    ['orders', 0],
    ['orders', 2],
    ['orders', 1],
  ],
});

test('a rebalance says who reads what now, and who is idle', () => {
  const shared = group({
    'a.10': [],
    'a.2': [
      ['orders', 2],
      ['orders', 1],
    ],
    'a.1': [['orders', 0]],
  });
  assert.equal(rebalanceText(alone, shared), 'a.1 reads partition 0; a.2 reads partitions 1, 2; a.10 is idle');
  assert.equal(rebalanceText(shared, alone), 'a reads all 3 partitions');
  assert.equal(rebalanceText(alone, group({})), 'nobody is left');
});

test('where a group reads several topics, each is named', () => {
  const topics = ['orders', 'decisions'];
  const two = group(
    {
      a: [
        ['orders', 0],
        ['decisions', 0],
      ],
      b: [
        ['orders', 1],
        ['orders', 2],
      ],
    },
    topics,
  );
  assert.equal(rebalanceText(group({}, topics), two), 'a reads orders 0 and decisions 0; b reads orders 1, 2');
});

test('nothing is said while it goes on, nor where all is as before', () => {
  assert.equal(rebalanceText(alone, group({}, ['orders'], 'PreparingRebalance')), null);
  assert.equal(rebalanceText(alone, alone), null);
});

test('a rebalance is told though its outcome was seen before it was over', () => {
  const shares: Shares = { 'a.1': [['orders', 0]], 'a.2': [['orders', 1]], 'a.3': [['orders', 2]] };
  const steps = [alone, group({}, ['orders'], 'PreparingRebalance'), group(shares, ['orders'], 'CompletingRebalance'), group(shares)];
  let before: GroupView[] = [];
  const told = steps.flatMap((now) => {
    const text = rebalanceText(before[0], now);
    before = steadyGroups(before, [now]);
    return text ?? [];
  });
  assert.deepEqual(told, ['a.1 reads partition 0; a.2 reads partition 1; a.3 reads partition 2']);
});

test('a group that was empty when somebody looked may have its members by now: what they read is no reset', () => {
  const [stopped, started] = [
    { service: 'reader', pid: null },
    { service: 'reader', pid: 7 },
  ];
  assert.equal(nobodyReads(true, 'reader', [stopped]), true);
  assert.equal(nobodyReads(true, 'reader', [stopped, started]), false);
  assert.equal(nobodyReads(true, 'reader', [{ ...started, service: 'another' }]), true);
  assert.equal(nobodyReads(false, 'reader', [stopped]), false);
});

test('dead letters are told by their topics, once each, and not before a topic was seen', () => {
  const layout = { ends: [0, 1].map((partition) => ({ topic: 'a.dlq', partition })).concat({ topic: 'a', partition: 0 }), commits: [] };
  const sample = (...ends: (number | null)[]) => ({ ends }) as unknown as Sample;
  const told = (before: Sample | undefined, now: Sample) => newLetters(['a.dlq'], layout, before, now);
  assert.deepEqual(told(sample(1, 1, 5), sample(2, 3, 9)), ['a.dlq']);
  assert.deepEqual(told(sample(1, 1, 5), sample(1, 1, 9)), []);
  assert.deepEqual(told(undefined, sample(1, 1, 5)), []);
  assert.deepEqual(told(sample(null, 1, 5), sample(7, 1, 5)), []);
});

test('a reset says which way each partition went; forward only where nobody is in the group', () => {
  const layout = { ends: [], commits: [0, 1, 2].map((partition) => ({ group: 'g', topic: 't', partition })) };
  const at = (...committed: (number | null)[]) => ({ committed }) as unknown as Sample;
  assert.equal(resetText('g', layout, at(100, 100, 5), at(0, 40, 5), true), '2 partitions back by 160 offsets');
  assert.equal(resetText('g', layout, at(0, 40, 5), at(100, 100, 5), true), '2 partitions forward by 160 offsets');
  assert.equal(
    resetText('g', layout, at(10, 40, 5), at(9, 50, 5), true),
    '1 partition back by 1 offset, 1 partition forward by 10 offsets',
  );
  assert.equal(resetText('g', layout, at(10, 40, 5), at(9, 50, 5), false), '1 partition back by 1 offset');
  assert.equal(resetText('g', layout, at(0, 40, null), at(100, 100, 5), false), null, 'it reads on');
  assert.equal(resetText('g', layout, at(0, 40, 5), at(0, 40, 5), true), null);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { autoscalerChoice, queueChoice } from '../../../../src/lab/watch/autoscale/autoscaler.ts';
import { extendLayout } from '../../../../src/lab/watch/layout.ts';
import { outOfRange } from '../../../../src/lab/watch/samples/measurement.ts';
import { sampleOf } from '../../../../src/lab/watch/samples/sample.ts';
import { keptSamples, SampleStore } from '../../../../src/lab/watch/samples/sample-store.ts';
import { groupMovement } from '../../../../src/lab/watch/verdict/group-movement.ts';
import { verdictOf } from '../../../../src/lab/watch/verdict/group-verdict.ts';
import type { Layout, Sample } from '../../../../src/lab/wire/all.ts';

const layout: Layout = {
  ends: [0, 1].map((partition) => ({ topic: 't', partition })),
  commits: [0, 1].map((partition) => ({ group: 'g', topic: 't', partition })),
};
const sample = (second: number, ends: (number | null)[], committed: (number | null)[]): Sample => ({
  atMs: second * 1000,
  ends,
  committed,
  lag: ends.map((end, index) => (end === null || committed[index] == null ? null : Math.max(0, end - (committed[index] ?? 0)))),
  inPerSec: null,
  decidedPerSec: null,
  seenPerSec: null,
  ordersPerMin: null,
  endToEndMs: null,
});
/** Both partitions read 100 a second; partition 1 has ten times the lag. */
const draining = Array.from({ length: 6 }, (_, second) => sample(second, [1000, 10_000], [100 * second, 100 * second]));

test('a group moves as its partitions together do', () => {
  const movement = groupMovement('g', layout, draining);
  assert.equal(movement.totalLag, 10_000);
  assert.equal(movement.readPerSec, 200);
  assert.deepEqual(movement.trend, { direction: 'draining', perSec: -200 });
  assert.equal(movement.partitions.get('t/0')?.readPerSec, 100);
});

test('a burst that is over makes the lag grow no more, though it is higher than five seconds ago', () => {
  const ends = [0, 0, 3000, 9000, 9000, 9000];
  const after = (seconds: number): Sample[] => ends.slice(0, 4 + seconds).map((end, second) => sample(second, [end, 0], [100 * second, 0]));
  assert.deepEqual(groupMovement('g', layout, after(1)).trend?.direction, 'growing');
  assert.deepEqual(groupMovement('g', layout, after(2)).trend, { direction: 'draining', perSec: -100 });
});

test('the rhythm of commits is no trend', () => {
  const steady = Array.from({ length: 6 }, (_, second) => sample(second, [1000 * second + 300, 0], [1000 * second + (second % 2) * 40, 0]));
  assert.equal(groupMovement('g', layout, steady).trend?.direction, 'steady');
});

test('offsets that go back are a rewind and no rate', () => {
  const movement = groupMovement('g', layout, [sample(0, [9, 9], [9, 9]), sample(1, [9, 9], [0, 0])]);
  assert.equal(movement.rewound, true);
  assert.equal(movement.readPerSec, null);
});

const calm = { totalLag: 0, trend: null, readPerSec: 0, rewound: false, stillSec: 0 };
const verdict = (more: Partial<Parameters<typeof verdictOf>[0]>): string =>
  verdictOf({ state: 'Stable', members: 1, hasCommits: true, movement: calm, unreadable: 0, paused: false, ...more }).verdict;

test("verdicts carry Burrow's names", () => {
  assert.equal(verdict({}), 'OK');
  assert.equal(verdict({ state: 'Dead', members: 0, hasCommits: false }), 'NOTFOUND');
  assert.equal(verdict({ state: 'Empty', members: 0 }), 'STOP');
  assert.equal(verdict({ state: 'Unknown', members: 0, hasCommits: false }), 'NOTFOUND');
  assert.equal(verdict({ state: 'Unknown', members: 0, movement: { ...calm, totalLag: 5, stillSec: 9 } }), 'STALL');
  assert.equal(verdict({ unreadable: 1 }), 'ERR');
  assert.equal(verdict({ movement: { ...calm, rewound: true } }), 'REWIND');
  assert.equal(verdict({ movement: { ...calm, totalLag: 5, stillSec: 9 } }), 'STALL');
  assert.equal(verdict({ movement: { ...calm, totalLag: 5, trend: { direction: 'growing', perSec: 5 } } }), 'WARN');
});

test("a group that waits for somebody's transaction stalls, whatever its other partitions do", () => {
  const facts = { state: 'Stable', members: 1, hasCommits: true, unreadable: 0, paused: false } as const;
  const movement = { ...calm, totalLag: 5, trend: { direction: 'growing', perSec: 5 } } as const;
  assert.deepEqual(verdictOf({ ...facts, movement, waiting: 't/0 waits' }), { verdict: 'STALL', text: 't/0 waits' });
});

test('an autoscaler never runs more than there are partitions', () => {
  const behind = (lag: number) => [0, 1, 2].map((partition) => ({ id: `t/${partition}`, committed: 0, end: partition === 0 ? lag : 0 }));
  assert.equal(autoscalerChoice(behind(0), 1).wanted, 1);
  assert.equal(autoscalerChoice(behind(1500), 1).wanted, 2);
  assert.match(autoscalerChoice(behind(90_000), 1).text, /= 90, capped at 3 partitions: KEDA would run 3$/);
});

test('for a share group it may run more than there are partitions, up to what can run', () => {
  assert.equal(queueChoice([0, 0, 0], 1, 16).wanted, 1);
  assert.match(
    queueChoice([3000, 3000, 2001], 6, 16).text,
    /^8,001 of backlog \/ 1,000 per worker = 9, more than partitions: an autoscaler would run 9$/,
  );
  assert.match(queueChoice([90_000], 1, 16).text, /= 90, capped at 16 workers: an autoscaler would run 16$/);
});

test('a sample has a lag that is never negative, is not known beyond the end of the log, counts from the beginning of the log without a commit, and rates since the last one', () => {
  const flow = { entries: ['t'], first: 'g', last: 'other' };
  const look = (atMs: number, end: number, committed: number) => ({
    atMs,
    ends: new Map([
      ['t/0', end],
      ['t/1', 5],
    ]),
    stable: new Map<string, number>(),
    beginnings: new Map([['t/1', 2]]),
    errors: new Map<string, string>(),
    committed: new Map([['g', new Map([['t/0', committed]])]]),
    partitions: [0, 1].map((partition) => ({ topic: 't', partition })),
  });
  const context = { layout, flow, ordersPerMin: null, endToEndMs: null };
  const before = sampleOf(look(1000, 100, 110), { ...context, before: undefined });
  assert.deepEqual(before.lag, [null, 3]);
  assert.match(outOfRange(look(1000, 100, 110))[0]?.text ?? '', /^g has committed offset 110 of t\/0, which ends at 100: out of range/);
  assert.equal(before.inPerSec, null);
  assert.deepEqual(outOfRange(look(3000, 300, 150)), []);
  const now = sampleOf(look(3000, 300, 150), { ...context, before });
  assert.deepEqual([now.inPerSec, now.decidedPerSec, now.seenPerSec], [100, 20, null]);
});

test('15 minutes of samples are kept, and no more', () => {
  const store = new SampleStore();
  for (let second = 0; second < keptSamples + 100; second += 1) store.add(sample(second, [], []));
  assert.equal(store.all().length, keptSamples);
  assert.equal(store.latest?.atMs, (keptSamples + 99) * 1000);
  assert.equal(store.last(5).length, 6);
  store.add(sample(10_000, [], []));
  assert.equal(store.all().length, 1);
});

test('a partition that is added later gets a column at the end', () => {
  const readers = [{ group: 'g', topics: ['t'] }];
  const more = extendLayout(layout, [...layout.ends, { topic: 't', partition: 2 }], readers);
  assert.deepEqual(more.ends.at(-1), { topic: 't', partition: 2 });
  assert.deepEqual(more.commits.at(-1), { group: 'g', topic: 't', partition: 2 });
  assert.equal(extendLayout(more, more.ends, readers), more);
});

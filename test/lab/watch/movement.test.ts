import assert from 'node:assert/strict';
import { test } from 'node:test';
import { autoscalerChoice } from '../../../src/lab/watch/autoscaler.ts';
import { nextForecasts, noForecasts } from '../../../src/lab/watch/forecast.ts';
import { groupMovement } from '../../../src/lab/watch/group-movement.ts';
import { verdictOf } from '../../../src/lab/watch/group-verdict.ts';
import { extendLayout } from '../../../src/lab/watch/layout.ts';
import { outOfRange } from '../../../src/lab/watch/measurement.ts';
import { sampleOf } from '../../../src/lab/watch/sample.ts';
import { keptSamples, SampleStore } from '../../../src/lab/watch/sample-store.ts';
import type { Layout, Sample } from '../../../src/lab/wire/all.ts';

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

test('the time to drain is that of the slowest partition, at the measured rate', () => {
  const movement = groupMovement('g', layout, draining);
  assert.equal(movement.totalLag, 10_000);
  assert.equal(movement.readPerSec, 200);
  assert.deepEqual(movement.trend, { direction: 'draining', perSec: -200 });
  assert.equal(movement.partitions.get('t/0')?.drainSec, 5);
  assert.equal(movement.drainSec, 95);
});

test('a partition whose lag does not fall leaves the time to drain open', () => {
  const stuck = Array.from({ length: 6 }, (_, second) => sample(second, [1000, 1000], [100 * second, 0]));
  assert.equal(groupMovement('g', layout, stuck).drainSec, null);
});

test('what one member owns is drained as a whole: it may read one partition after the other', () => {
  const inTurn = Array.from({ length: 6 }, (_, second) => sample(second, [1000, 1000], [100 * second, 0]));
  const movement = groupMovement('g', layout, inTurn, () => 'member');
  assert.equal(movement.drainSec, 15);
  assert.equal(movement.partitions.get('t/1')?.drainSec, null);
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

test('a forecast is made once and scored when the lag is gone', () => {
  const falls = { totalLag: 1000, trend: { direction: 'draining', perSec: -100 }, drainSec: 10 } as const;
  const made = nextForecasts(noForecasts, falls, 0, []);
  assert.equal(made.current?.drainedAt, '1970-01-01T00:00:10.000Z');
  const later = nextForecasts(made, { ...falls, totalLag: 500, drainSec: 50 }, 5000, []);
  assert.equal(later.current?.drainSec, 10);
  const marks = [{ atMs: 6000, kind: 'scale' }] as const;
  const { current, scored } = nextForecasts(later, { totalLag: 0, trend: null, drainSec: 0 }, 12_000, marks);
  assert.equal(current, null);
  assert.deepEqual(
    scored.map(({ actualSec, errorSec, disturbed }) => [actualSec, errorSec, disturbed]),
    [[12, 2, true]],
  );
});

test('an autoscaler never runs more than there are partitions', () => {
  assert.equal(autoscalerChoice(0, 3, 1).wanted, 1);
  assert.equal(autoscalerChoice(1500, 3, 1).wanted, 2);
  assert.equal(autoscalerChoice(90_000, 3, 1).wanted, 3);
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

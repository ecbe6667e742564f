import assert from 'node:assert/strict';
import test from 'node:test';
import { countedFrom, isDone, isSoAlready, type TourFacts, tours } from '../../dashboard/src/lib/tours.ts';

const idle: TourFacts = {
  atMs: 1_000_000,
  inventoryLag: 0,
  analyticsLag: 0,
  inventoryThrottleMs: 0,
  analyticsThrottleMs: 0,
  readers: 1,
  instances: 1,
  partitions: 3,
  orders: 0,
  burst: null,
  replay: null,
};

/** Plays a tour: each entry is what the lab measures when the person did what the step asks. */
function play(id: string, moments: Partial<TourFacts>[]): void {
  const tour = tours.find((one) => one.id === id);
  assert.ok(tour);
  assert.equal(moments.length, tour.steps.length);
  let begun = idle;
  for (const [i, step] of tour.steps.entries()) {
    const done = { ...begun, atMs: begun.atMs + 5000, ...moments[i] };
    assert.equal(isDone(step, begun, begun), false, `${step.title}: not before it was done`);
    assert.equal(isDone(step, done, begun), true, `${step.title}: when it was done`);
    begun = done;
  }
}

test('the consumer-lag tour ticks off each step when it is measured, and not before', () => {
  play('consumer-lag', [
    { inventoryThrottleMs: 10 },
    { burst: { startedMs: 1_008_000, running: true } },
    { inventoryLag: 4000 },
    { instances: 3, readers: 3 },
    { instances: 4 },
    { inventoryLag: 0 },
  ]);
});

test('the throttle tour wants analytics behind and inventory not', () => {
  play('throttle', [
    { analyticsThrottleMs: 5 },
    { burst: { startedMs: 1_008_000, running: true } },
    { analyticsLag: 900 },
    { analyticsThrottleMs: 0, analyticsLag: 0 },
  ]);
});

test('the replay tour ends only with an identical digest', () => {
  play('replay', [
    { orders: 10 },
    { replay: { startedMs: 1_008_000, identical: null } },
    { replay: { startedMs: 1_008_000, identical: true } },
  ]);
});

const stepOf = (id: string, title: string) => {
  const step = tours.find((one) => one.id === id)?.steps.find((one) => one.title === title);
  assert.ok(step);
  return step;
};

const before: [tour: string, step: string, was: Partial<TourFacts>, undone: Partial<TourFacts>][] = [
  ['consumer-lag', 'Make inventory slow', { inventoryThrottleMs: 10 }, { inventoryThrottleMs: 0 }],
  ['consumer-lag', 'See the lag grow', { inventoryLag: 4000 }, { inventoryLag: 10 }],
  ['consumer-lag', 'Scale out', { readers: 3, instances: 3 }, { readers: 1, instances: 1 }],
  ['consumer-lag', 'One too many', { readers: 3, instances: 4 }, { readers: 3, instances: 3 }],
  ['consumer-lag', 'Watch it drain', { inventoryLag: 0 }, { inventoryLag: 50 }],
  ['throttle', 'Slow analytics down', { analyticsThrottleMs: 5 }, { analyticsThrottleMs: 0 }],
  ['throttle', 'Let it catch up', { analyticsThrottleMs: 0, analyticsLag: 0 }, { analyticsThrottleMs: 5, analyticsLag: 9 }],
  ['replay', 'Have some orders', { orders: 10 }, { orders: 0 }],
  ['replay', 'Identical?', { replay: { startedMs: 1, identical: true } }, { replay: { startedMs: 2, identical: null } }],
];

for (const [id, title, was, undone] of before) {
  test(`${id}, ${title}: what was so before it began is not ticked, and counts once it was undone and done again`, () => {
    const step = stepOf(id, title);
    const begun = { ...idle, ...was };
    assert.equal(isDone(step, begun, begun), false);
    assert.equal(isSoAlready(step, begun, begun), true);
    const later = { ...begun, ...undone };
    assert.equal(countedFrom(step, begun, begun), begun);
    assert.equal(countedFrom(step, later, begun), later);
    assert.equal(isDone(step, { ...later, ...was }, later), true);
  });
}

test('a burst or a replay of before the step began does not count; a burst that goes on does', () => {
  const burst = stepOf('consumer-lag', 'Send a burst');
  const was = { ...idle, burst: { startedMs: 5, running: false } };
  assert.equal(isDone(burst, was, was), false);
  assert.equal(isDone(burst, { ...was, burst: { startedMs: 6, running: false } }, was), true);
  const running = { ...idle, burst: { startedMs: 5, running: true } };
  assert.equal(isDone(burst, running, running), true);
  const replay = stepOf('replay', 'Start the replay');
  const replayed = { ...idle, replay: { startedMs: 5, identical: true } };
  assert.equal(isDone(replay, replayed, replayed), false);
  assert.equal(isDone(replay, { ...replayed, replay: { startedMs: 6, identical: null } }, replayed), true);
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { type TourFacts, tours } from '../../dashboard/src/lib/tours.ts';

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
  burstStartedMs: null,
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
    assert.equal(step.done(begun, begun), false, `${step.title}: not before it was done`);
    assert.equal(step.done(done, begun), true, `${step.title}: when it was done`);
    begun = done;
  }
}

test('the consumer-lag tour ticks off each step when it is measured, and not before', () => {
  play('consumer-lag', [
    { inventoryThrottleMs: 10 },
    { burstStartedMs: 1_008_000 },
    { inventoryLag: 4000 },
    { instances: 3, readers: 3 },
    { instances: 4 },
    { inventoryLag: 0 },
  ]);
});

test('the throttle tour wants analytics behind and inventory not', () => {
  play('throttle', [
    { analyticsThrottleMs: 5 },
    { burstStartedMs: 1_008_000 },
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

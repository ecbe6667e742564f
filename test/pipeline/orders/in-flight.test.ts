import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InFlight } from '../../../src/pipeline/orders/in-flight.ts';

test('a waiter goes on as soon as few enough are out', async () => {
  const inFlight = new InFlight();
  inFlight.add(3);
  const waiting = inFlight.fallTo(1, 60_000);
  inFlight.report(1);
  assert.equal(inFlight.count, 2);
  inFlight.report(1);
  assert.equal(await waiting, true);
});

test('what failed is counted apart, with the first reason', () => {
  const inFlight = new InFlight();
  inFlight.add(3);
  inFlight.report(1);
  inFlight.report(0, 1, new Error('first'));
  inFlight.report(0, 1, new Error('second'));
  assert.deepEqual([inFlight.acknowledged, inFlight.failed, inFlight.failure?.message, inFlight.count], [1, 2, 'first', 0]);
});

test('a waiter gives up when no report comes', async () => {
  const inFlight = new InFlight();
  inFlight.add(1);
  assert.equal(await inFlight.fallTo(0, 10), false);
});

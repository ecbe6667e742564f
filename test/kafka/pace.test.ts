import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pacer } from '../../src/kafka/pace.ts';

const limits = { maxRecords: 1000, withinMs: 100 };
const maxRecords = (throttleMs: number) => new Pacer(limits).begin(throttleMs).maxRecords;
const never = new AbortController().signal;

describe('the pace of a batch', () => {
  it('is full speed without a throttle', () => assert.equal(maxRecords(0), 1000));
  it('fits the pauses into the commit interval', () => assert.equal(maxRecords(10), 10));
  it('is one record where a single pause is longer than that', () => assert.equal(maxRecords(2000), 1));
  it('is never more than without a throttle', () => assert.equal(maxRecords(0.01), 1000));

  it('waits as long as the records may take, in all, also where batches come late', async () => {
    const pacer = new Pacer(limits);
    await pacer.begin(10).slowDown(10, never);
    const start = performance.now();
    for (let batch = 0; batch < 4; batch++) {
      const pace = pacer.begin(10);
      // What a commit would take.
      await sleep(20);
      await pace.slowDown(10, never);
    }
    assert.ok(performance.now() - start >= 395);
  });

  it('makes up for no more than one commit interval', async () => {
    const pacer = new Pacer(limits);
    await pacer.begin(10).slowDown(10, never);
    await sleep(300);
    const start = performance.now();
    await pacer.begin(10).slowDown(20, never);
    assert.ok(performance.now() - start >= 99);
  });

  it('ends at once when told to stop', async () => {
    const stop = new AbortController();
    const waiting = new Pacer(limits).begin(60_000).slowDown(1, stop.signal);
    stop.abort();
    await waiting;
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { paceOf } from '../../src/kafka/pace.ts';

const limits = { maxRecords: 1000, withinMs: 100 };

describe('the pace of a batch', () => {
  it('is full speed without a throttle', () => assert.equal(paceOf(0, limits).maxRecords, 1000));
  it('fits the pauses into the commit interval', () => assert.equal(paceOf(10, limits).maxRecords, 10));
  it('is one record where a single pause is longer than that', () => assert.equal(paceOf(2000, limits).maxRecords, 1));
  it('is never more than without a throttle', () => assert.equal(paceOf(0.01, limits).maxRecords, 1000));

  it('waits as long as the records may take', async () => {
    const start = performance.now();
    await paceOf(5, limits).slowDown(10, new AbortController().signal);
    assert.ok(performance.now() - start >= 49);
  });

  it('ends at once when told to stop', async () => {
    const stop = new AbortController();
    const waiting = paceOf(60_000, limits).slowDown(1, stop.signal);
    stop.abort();
    await waiting;
  });
});

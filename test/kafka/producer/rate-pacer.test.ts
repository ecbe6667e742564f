import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dueNow, msUntilDue } from '../../../src/kafka/producer/rate-pacer.ts';

test('without a rate everything is due', () => {
  assert.equal(dueNow(undefined, 0, 5), Number.POSITIVE_INFINITY);
});

test('orders are due evenly, the first at once, and never ahead of the rate', () => {
  assert.equal(dueNow(100, 0, 0), 1);
  assert.equal(dueNow(100, 9.9, 1), 0);
  assert.equal(dueNow(100, 10, 1), 1);
  assert.equal(dueNow(100, 1000, 50), 51);
  assert.equal(dueNow(100, 10, 500), 0);
});

test('the wait ends when the next order is due', () => {
  for (const rate of [0.5, 3, 100, 999]) {
    const sent = 7;
    const wait = msUntilDue(rate, 0, sent);
    assert.ok(dueNow(rate, wait, sent) >= 1);
    assert.equal(dueNow(rate, (sent * 1000) / rate - 0.01, sent), 0);
  }
});

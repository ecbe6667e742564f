import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EndToEnd } from '../../../src/pipeline/analytics/end-to-end.ts';

const decision = (offset: number, ms: number) => ({ topic: 't', partition: 0, offset, createdAt: new Date(ms).toISOString() });

test('the mean of what became visible last is told, for a while', () => {
  const endToEnd = new EndToEnd();
  assert.equal(endToEnd.meanMs(1000), null);
  endToEnd.visible([decision(0, 1000), decision(1, 1100)], 1200);
  assert.equal(endToEnd.meanMs(1300), 150);
  assert.equal(endToEnd.meanMs(60_000), null);
});

test('what is read again after a reset or a replay does not count', () => {
  const endToEnd = new EndToEnd();
  endToEnd.readUpTo({ topic: 't', partition: 0 }, 5);
  endToEnd.visible([decision(3, 0), decision(4, 0)], 50_000);
  assert.equal(endToEnd.meanMs(50_000), null);
  endToEnd.visible([decision(4, 0), decision(5, 50_000)], 50_200);
  assert.equal(endToEnd.meanMs(50_200), 200);
  endToEnd.visible([decision(5, 50_000)], 59_000);
  assert.equal(endToEnd.meanMs(59_000), 200);
});

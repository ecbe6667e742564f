import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stretchesOf } from '../../../src/order-lab/ledger/read-places.ts';

test('places that lie near each other are read in one go, whatever their order, and far ones apart', () => {
  const at = (offset: number) => ({ topic: 't', partition: 1, offset });
  assert.deepEqual(stretchesOf([at(300), at(2), at(2), at(90_000), at(1)]), [
    { topic: 't', partition: 1, from: 1, to: 301 },
    { topic: 't', partition: 1, from: 90_000, to: 90_001 },
  ]);
  assert.deepEqual(stretchesOf([]), []);
});

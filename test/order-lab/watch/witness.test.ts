import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Sample } from '../../../src/lab/wire/all.ts';
import { witnessOf } from '../../../src/order-lab/watch/witness.ts';

const samples = [3, 3, 9, 9].map((committed, second) => ({ atMs: second * 1000, committed: [committed, null] }) as unknown as Sample);
const layout = { ends: [], commits: [0, 1].map((partition) => ({ group: 'g', topic: 't', partition })) };
const { passedAt } = witnessOf({ marks: [], samples, layout }, 'g');
const at = (offset: number, partition = 0): number | undefined => passedAt({ topic: 't', partition, offset });

test('a group passed a place in the first sample in which it had committed beyond it', () => {
  assert.equal(at(3), 2000);
  assert.equal(at(8), 2000);
});

test('nothing is known of what was passed before the first sample, not yet, or by nobody', () => {
  assert.equal(at(2), undefined);
  assert.equal(at(9), undefined);
  assert.equal(at(1, 1), undefined);
  assert.equal(passedAt({ topic: 'other', partition: 0, offset: 1 }), undefined);
});

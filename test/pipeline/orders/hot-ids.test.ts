import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partitionOf } from '../../../src/kafka/record/murmur2.ts';
import { hotIds } from '../../../src/pipeline/orders/hot-ids.ts';

test('exactly the share lies in one partition, the rest anywhere else, and no id is there twice', () => {
  const table: [share: number, partitions: number, hot: number][] = [
    [0.7, 3, 7000],
    [0.05, 3, 500],
    [0, 3, 0],
    [1, 3, 10_000],
    [0.5, 12, 5000],
    [0.7, 1, 10_000],
  ];
  for (const [share, partitions, hot] of table) {
    const idOf = hotIds(share, partitions);
    const ids = Array.from({ length: 10_000 }, (_, index) => idOf('run', index + 1));
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.every((id, index) => id === `run-${index + 1}` || id.startsWith(`run-${index + 1}-`)));
    const found = ids.filter((id) => partitionOf(Buffer.from(id), partitions) === 0).length;
    assert.ok(Math.abs(found - hot) <= 1, `${share} of ${partitions}: ${found}`);
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { whatLacks } from '../../../src/pipeline/analytics/replay.ts';

const at = (...offsets: number[]) => offsets.map((offset, partition) => ({ topic: 'orders', partition, offset }));

describe('a replay begins on the whole log alone', () => {
  const cases: [string, { positions: ReturnType<typeof at>; missing: { partition: number; since: null }[] }, string | undefined][] = [
    ['all of it', { positions: at(10, 20), missing: [] }, undefined],
    ['more than the log held when it was asked for', { positions: at(11, 25), missing: [] }, undefined],
    ['less than that', { positions: at(10, 15), missing: [] }, 'records are not counted yet that were in the log when it was asked for: 5'],
    [
      'further in one partition, behind in another',
      { positions: at(99, 19), missing: [] },
      'records are not counted yet that were in the log when it was asked for: 1',
    ],
    ['nothing of a partition', { positions: at(10), missing: [] }, 'nothing is known of partition 1 of orders yet'],
    ['a partition without an instance', { positions: at(10, 20), missing: [{ partition: 1, since: null }] }, 'nobody tells of partition 1'],
    ['two of them', { positions: [], missing: [0, 1].map((partition) => ({ partition, since: null })) }, 'nobody tells of partitions 0, 1'],
  ];
  for (const [what, view, lacks] of cases) {
    it(`${what}: ${lacks ?? 'it begins'}`, () => assert.equal(whatLacks(view, at(10, 20)), lacks));
  }
});

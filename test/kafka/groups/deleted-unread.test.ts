import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deletedText, goOnAt, merged, offsetsIn } from '../../../src/kafka/groups/deleted-unread.ts';

const gone = (partition: number, from: number, to: number) => ({ topic: 'orders', partition, from, to });

for (const [offset, first, end, wanted] of [
  [5, 0, 10, { offset: 5 }],
  [10, 0, 10, { offset: 10 }],
  [5, 5, 10, { offset: 5 }],
  [0, 900, 3000, { offset: 900, deleted: { from: 0, to: 900 } }],
  [7, 10, 10, { offset: 10, deleted: { from: 7, to: 10 } }],
  [999_999, 0, 66, { offset: 0 }],
] as const) {
  test(`a reader at ${offset} of a log of ${first} to ${end} goes on at ${wanted.offset}`, () => {
    assert.deepEqual(goOnAt(offset, { first, end }), wanted);
  });
}

test('what was told twice counts once, and stretches that touch are one', () => {
  const all = [gone(1, 5, 6), gone(0, 0, 10), gone(0, 0, 10), gone(0, 8, 20), gone(0, 20, 25), gone(0, 30, 31)];
  assert.deepEqual(merged(all), [gone(0, 0, 25), gone(0, 30, 31), gone(1, 5, 6)]);
  assert.equal(offsetsIn(all), 27);
});

test('is told in one line, with places and what decides', () => {
  assert.match(
    deletedText([gone(0, 0, 900), gone(2, 7, 8)], 'g'),
    /^901 records were deleted before g had read them: orders\/0 offsets 0 to 899, orders\/2 offset 7 \(/,
  );
  assert.match(deletedText([gone(2, 7, 8)], 'g'), /^1 record was deleted before g had read it/);
});

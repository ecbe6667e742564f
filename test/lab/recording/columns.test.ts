import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeColumns, encodeColumns } from '../../../src/lab/recording/columns.ts';

const there = (rows: unknown[]): unknown[] => decodeColumns(JSON.parse(JSON.stringify(encodeColumns(rows))));

test('rows come back as they were, whatever comes and goes in them', () => {
  const rows = [
    { offset: 1, name: 'a', list: [1, 2, 3], gone: { deep: [{ x: null }] }, empty: [] },
    { offset: 11, name: 'a', list: [1], gone: null, empty: {} },
    { offset: 21, name: 'b', list: [], empty: [] },
    { offset: 25, name: 'b', list: [{ y: 1 }, 2], gone: { deep: [] }, empty: [0] },
  ];
  assert.deepEqual(there(rows), rows);
});

test('any JSON comes back as it was', () => {
  const key = fc.string().filter((text) => !text.includes('\u0000'));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.integer(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 6 }), (rows) => {
      const plain = JSON.parse(JSON.stringify(rows));
      assert.deepEqual(there(plain), plain);
    }),
  );
});

test('what does not change is written once, what grows is written as its growth', () => {
  const rows = Array.from({ length: 60 }, (_, second) => ({ topic: 'order-events', end: 1_000_000 + second * 200 }));
  const { columns } = encodeColumns(rows);
  assert.deepEqual(columns.find(({ path }) => path.endsWith('topic'))?.values, ['order-events']);
  assert.deepEqual(columns.find(({ path }) => path.endsWith('end'))?.values.slice(0, 3), [1_000_000, 200, 200]);
});

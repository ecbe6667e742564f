import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rateIn } from '../../scenarios/queue/rates.ts';
import { toldOf } from '../../scenarios/queue/told.ts';

test('a rate counts what was written within its window', () => {
  const at = (ms: number) => ({ time: new Date(ms).toISOString() });
  assert.equal(rateIn([at(999), at(1000), at(1500), at(2999), at(3000), { time: null }], 1000, 3000), 1.5);
});

test('a decision is told, told again, rejected or untold', () => {
  const read = (offset: number, more = {}) => ({ partition: 0, offset, value: {}, headers: [], ...more }) as never;
  const told = (offset: number) => read(0, { value: { source: { topic: 't', partition: 0, offset } } });
  const letter = read(0, {
    headers: [
      ['__dlq.errors.partition', '0'],
      ['__dlq.errors.offset', '3'],
    ],
  });
  assert.deepEqual(toldOf([read(1), read(2), read(3), read(4)], [told(1), told(2), told(2)], [letter]), {
    ...{ once: 1, again: 1, repeats: 1, untold: 1 },
  });
});

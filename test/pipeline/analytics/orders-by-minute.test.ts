import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newestMinutes, OrdersByMinute } from '../../../src/pipeline/analytics/orders-by-minute.ts';

const minuteAt = (number: number): string => `${new Date(number * 60_000).toISOString().slice(0, 16)}:00Z`;
const total = (counts: Record<string, number>): number => Object.values(counts).reduce((sum, orders) => sum + orders, 0);

/** The plain way: all minutes in one map, sorted whenever somebody asks. */
function plainly(minutes: readonly string[]) {
  const all = new Map<string, number>();
  for (const minute of minutes) all.set(minute, (all.get(minute) ?? 0) + 1);
  const sorted = [...all].sort(([a], [b]) => (a < b ? -1 : 1));
  const older = sorted.splice(0, Math.max(0, sorted.length - newestMinutes));
  return { newest: Object.fromEntries(sorted), minutes: older.length, orders: total(Object.fromEntries(older)), size: all.size };
}

test('the newest minutes and the sum of the others are those of a plain map, in whatever order the orders come, whenever it is asked', () => {
  const bursts = fc.array(
    fc.record({ from: fc.integer({ min: -3000, max: 60_000 }), step: fc.integer({ min: -40, max: 40 }), count: fc.nat(1800) }),
    {
      maxLength: 6,
    },
  );
  fc.assert(
    fc.property(bursts, fc.nat(5), (list, askAt) => {
      const counts = new OrdersByMinute();
      const all: string[] = [];
      for (const [index, { from, step, count }] of list.entries()) {
        for (let number = 0; number < count; number += 1) {
          const minute = minuteAt(from + number * step);
          all.push(minute);
          counts.add(minute);
        }
        if (index === askAt) counts.older();
      }
      const { digest, ...older } = counts.older();
      assert.deepEqual({ newest: counts.newest(), ...older, size: counts.size }, plainly(all));
      const again = new OrdersByMinute();
      for (const minute of all.toReversed()) again.add(minute);
      assert.equal(again.older().digest, digest);
    }),
    { numRuns: 60 },
  );
});

test('an order more, and an order in another older minute, give another digest', () => {
  const digestWith = (...more: number[]): string => {
    const counts = new OrdersByMinute();
    for (let number = 0; number < 3 * newestMinutes; number += 1) counts.add(minuteAt(2 * number));
    for (const number of more) counts.add(minuteAt(number));
    return counts.older().digest;
  };
  assert.equal(new Set([digestWith(), digestWith(0), digestWith(2), digestWith(1), digestWith(0, 0)]).size, 5);
  assert.equal(digestWith(0, 2), digestWith(2, 0));
});

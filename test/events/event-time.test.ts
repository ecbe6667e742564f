import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { minuteOf, toUtc } from '../../src/events/event-time.ts';

const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));
const year = fc.integer({ min: 0, max: 9999 }).map((n) => String(n).padStart(4, '0'));

test('a time in our own form is taken as it is exactly when its date and hour exist', () => {
  const parts = fc.tuple(year, two(13), two(32), two(25), two(61), two(61));
  fc.assert(
    fc.property(parts, ([y, mo, d, h, mi, s]) => {
      const text = `${y}-${mo}-${d}T${h}:${mi}:${s}.123Z`;
      const moment = new Date(0);
      moment.setUTCFullYear(Number(y), Number(mo) - 1, Number(d));
      moment.setUTCHours(Number(h), Number(mi), Number(s), 123);
      assert.equal(toUtc(text), moment.toISOString() === text ? text : undefined, text);
    }),
    { numRuns: 5000 },
  );
});

test('the days at the end of a month, and the hour after the last', () => {
  const real = ['2026-02-28', '2024-02-29', '2026-04-30', '2026-12-31', '2000-02-29'];
  const unreal = ['2026-02-29', '2026-02-30', '2026-04-31', '1900-02-29', '2026-01-32', '2026-01-00', '2026-13-01'];
  for (const date of real) assert.equal(toUtc(`${date}T23:59:59.999Z`), `${date}T23:59:59.999Z`);
  for (const date of unreal) assert.equal(toUtc(`${date}T10:00:00.000Z`), undefined, date);
  for (const time of ['24:00:00', '10:60:00', '10:00:60']) assert.equal(toUtc(`2026-01-05T${time}.000Z`), undefined, time);
});

test('other forms of RFC 3339 become ours', () => {
  assert.equal(toUtc('2026-01-05T10:20:30+02:00'), '2026-01-05T08:20:30.000Z');
  assert.equal(toUtc('2026-01-05 10:20:30.123456'), '2026-01-05T10:20:30.123Z');
  assert.equal(toUtc('0000-01-01T00:00:00+14:00'), undefined);
  assert.equal(minuteOf('2026-01-05T10:20:30.000Z'), '2026-01-05T10:20:00Z');
});

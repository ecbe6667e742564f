import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { epochToUtc, minuteOf, toUtc } from '../../../src/kafka/record/event-time.ts';

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

test('what is unambiguous in ISO 8601 is read', () => {
  const same = [
    '2026-11-25T20:30Z',
    '2026-11-25T20:30',
    '2026-11-26T02:00:00+0530',
    '2026-11-26T02:00+05:30',
    '2026-11-25T22:30:00,000+02',
    '20261125T203000Z',
    '20261125T2030Z',
    '20261126T020000.0+0530',
    '2026-11-25t20:30:00z',
    '2026-11-25 20:30:00-00:00',
  ];
  for (const text of same) assert.equal(toUtc(text), '2026-11-25T20:30:00.000Z', text);
  assert.equal(toUtc('2026-11-25T20Z'), '2026-11-25T20:00:00.000Z');
  assert.equal(toUtc('2026-11-25T20:30:00.1239Z'), '2026-11-25T20:30:00.123Z');
});

test('what could be more than one moment, or is no moment, is not', () => {
  const no = [
    '2026-11-25',
    '20261125',
    '25/11/2026 20:30',
    '2026-330T20:30Z',
    '2026-W48-3T20:30Z',
    '2026-11-25T2030Z',
    '20261125T20:30Z',
    '2026-11-25T20:30+25:00',
    '2026-11-25T20:30 Z',
    '2026-11-25T20:30:00.Z',
    '26-11-25T20:30Z',
    '2026-11-25T20:30Z[UTC]',
    '1764102600000',
    '',
  ];
  for (const text of no) assert.equal(toUtc(text), undefined, text);
});

test('an epoch number is read by its size, and refused where that leaves more than one unit', () => {
  // Until 2096 a number of seconds holds each microsecond.
  const moment = fc.integer({ min: 1e11, max: 4e12 });
  fc.assert(
    fc.property(moment, (ms) => {
      const utc = new Date(ms).toISOString();
      for (const [unit, epoch] of Object.entries({ ms, seconds: ms / 1000, us: ms * 1000 + 999 }))
        assert.equal(epochToUtc(epoch), utc, unit);
    }),
    { numRuns: 5000 },
  );
  assert.equal(epochToUtc(1_764_102_600_123_456_000), '2025-11-25T20:30:00.123Z');
  assert.equal(epochToUtc(1764102600.123), '2025-11-25T20:30:00.123Z');
  for (const no of [0, -1, 99_999_999, -1764102600000, 1e20, Number.NaN, Number.POSITIVE_INFINITY]) assert.equal(epochToUtc(no), undefined);
});

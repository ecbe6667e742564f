import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  lengthOfTime,
  nearness,
  type RetentionLimits,
  retentionLimits,
  retentionText,
  retentionUse,
} from '../../../src/kafka/groups/retention.ts';

const day = 86_400_000;
const hour = 3_600_000;
const now = Date.parse('2026-06-15T12:00:00Z');
const week: RetentionLimits = { ms: 7 * day, bytes: null };
const place = { topic: 'order-events', partition: 0 };

test('what deletes records is read from the configuration: only with cleanup.policy=delete, and never by -1', () => {
  const table: [policy: string, ms: string, bytes: string, expected: RetentionLimits][] = [
    ['delete', '604800000', '-1', week],
    ['delete', '-1', '-1', { ms: null, bytes: null }],
    ['delete', '-1', '1000', { ms: null, bytes: 1000 }],
    ['compact', '604800000', '1000', { ms: null, bytes: null }],
    ['compact,delete', '604800000', '1000', { ms: 7 * day, bytes: 1000 }],
    ['delete', '0', '-1', { ms: 0, bytes: null }],
  ];
  for (const [policy, ms, bytes, expected] of table) {
    const configs = [
      { name: 'cleanup.policy', value: policy },
      { name: 'retention.ms', value: ms },
      { name: 'retention.bytes', value: bytes },
    ];
    assert.deepEqual(retentionLimits(configs), expected, `${policy} ${ms} ${bytes}`);
  }
  assert.deepEqual(retentionLimits([]), { ms: null, bytes: null }, 'nothing is told');
});

test('age, share and the time that is left follow from the timestamp of the oldest unread record', () => {
  const table: [limits: RetentionLimits, ageMs: number, share: number, deletableInMs: number, near: ReturnType<typeof nearness>][] = [
    [week, 0, 0, 7 * day, null],
    [week, 3 * day, 3 / 7, 4 * day, null],
    [week, 3.5 * day, 0.5, 3.5 * day, 'near'],
    [week, 6.5 * day, 6.5 / 7, 0.5 * day, 'urgent'],
    [week, 7 * day, 1, 0, 'urgent'],
    [week, 14 * day, 2, 0, 'urgent'],
    [{ ms: 0, bytes: null }, 0, 1, 0, 'urgent'],
  ];
  for (const [limits, ageMs, share, deletableInMs, near] of table) {
    const use = retentionUse(limits, now - ageMs, now);
    assert.deepEqual(use, { ageMs, retentionMs: limits.ms, share, deletableInMs, retentionBytes: limits.bytes });
    assert.equal(nearness(use), near, `${ageMs} of ${limits.ms}`);
  }
});

test('a record of the future has no age and is kept for longer, one that is never deleted by age has no figures', () => {
  assert.deepEqual(retentionUse(week, now + day, now), {
    ageMs: 0,
    retentionMs: 7 * day,
    share: 0,
    deletableInMs: 8 * day,
    retentionBytes: null,
  });
  assert.equal(retentionUse({ ms: null, bytes: 1000 }, now - day, now), null);
  assert.equal(nearness(null), null);
});

test('the line for people names place, group, age, limit, what is left at the earliest, and what else may delete', () => {
  const told = (limits: RetentionLimits, ageMs: number): string => {
    const use = retentionUse(limits, now - ageMs, now);
    assert.ok(use);
    return retentionText(place, 'analytics-group', use);
  };
  const begin = 'order-events/0: the oldest record that analytics-group has not read is';
  assert.equal(told(week, 6 * day + 20 * hour), `${begin} 6 d 20 h old; retention.ms = 7 d: may be deleted in 4 h at the earliest (97%)`);
  assert.equal(told(week, 8 * day), `${begin} 8 d old; retention.ms = 7 d: may be deleted at any moment (114%)`);
  assert.equal(
    told({ ms: 90_000, bytes: 1000 }, 60_500),
    `${begin} 1 min old; retention.ms = 1 min 30 s: may be deleted in 29 s at the earliest (67%); retention.bytes = 1000 may delete it sooner`,
  );
});

test('a length of time is told in its two greatest units', () => {
  const table: [number, string][] = [
    [0, '0 s'],
    [999, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [hour + 5000, '1 h'],
    [hour + 65_000, '1 h 1 min'],
    [2 * day + hour, '2 d 1 h'],
    [400 * day, '400 d'],
  ];
  for (const [ms, expected] of table) assert.equal(lengthOfTime(ms), expected, `${ms}`);
});

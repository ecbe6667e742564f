import assert from 'node:assert/strict';
import test from 'node:test';
import { problemText } from '../../dashboard/src/lib/api.ts';
import { scopeOf, targetFrom } from '../../dashboard/src/lib/offset-target.ts';
import { formatRoute, parseRoute } from '../../dashboard/src/lib/route.ts';
import { niceCeiling } from '../../dashboard/src/lib/scale.ts';
import { stepOf, throttleAt, throttleSteps } from '../../dashboard/src/lib/throttle-steps.ts';

test('an offset target needs what it asks for', () => {
  assert.deepEqual(targetFrom('earliest', ''), { to: 'earliest' });
  assert.deepEqual(targetFrom('shift', ' -100 '), { to: 'shift', by: -100 });
  assert.deepEqual(targetFrom('duration', '10'), { to: 'duration', ago: 'PT10M' });
  assert.deepEqual(targetFrom('datetime', '2026-11-20T20:30:00'), { to: 'datetime', at: '2026-11-20T20:30:00Z' });
  for (const [kind, text] of [
    ['offset', ''],
    ['offset', '-1'],
    ['shift', '1.5'],
    ['duration', '0'],
    ['datetime', 'soon'],
  ] as const)
    assert.equal(targetFrom(kind, text), null, `${kind} ${text}`);
});

test('a reset covers all that was read, a topic, or some of its partitions', () => {
  assert.deepEqual(scopeOf('', [], []), []);
  assert.deepEqual(scopeOf('order-events', [], [0, 1, 2]), ['order-events']);
  assert.deepEqual(scopeOf('order-events', [1], [0, 1, 2]), ['order-events:0,2']);
  assert.equal(scopeOf('order-events', [2, 0, 1], [0, 1, 2]), null);
});

test('each stop of the throttle slider is found again; a value set elsewhere shows at the nearest', () => {
  for (const ms of throttleSteps) assert.equal(throttleAt(stepOf(ms)), ms);
  assert.equal(throttleAt(stepOf(12)), 10);
});

test('a link keeps the view and what it was given', () => {
  const route = { view: 'records', parameters: { topic: 'order-events', text: 'a&b=c' } };
  assert.deepEqual(parseRoute(formatRoute(route)), route);
  assert.deepEqual(parseRoute(''), { view: '', parameters: {} });
});

test('all bars have one scale, of a round number', () => {
  assert.deepEqual([0, 99, 101, 2000, 4001].map(niceCeiling), [100, 100, 200, 2000, 5000]);
});

test('a refusal is told by what is wrong with the request', () => {
  assert.equal(problemText(400, { errors: [{ path: '/count', message: 'must be >= 1' }] }), 'count: must be >= 1');
  assert.equal(problemText(409, { title: 'Conflict', detail: 'a burst runs' }), 'a burst runs');
  assert.equal(problemText(502, undefined), 'the lab answered 502');
});

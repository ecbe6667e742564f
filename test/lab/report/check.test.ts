import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatValue, judge } from '../../../src/lab/report/check.ts';

const lookAt = './lab ps';

test('a bound holds at its edge and not beyond it', () => {
  assert.equal(judge('c', { measured: 2.7, atLeast: 2.7, lookAt }).held, true);
  assert.equal(judge('c', { measured: 2.699, atLeast: 2.7, lookAt }).held, false);
  assert.equal(judge('c', { measured: 5, atMost: 5, lookAt }).held, true);
  assert.equal(judge('c', { measured: 5.1, atMost: 5, lookAt }).held, false);
  assert.equal(judge('c', { measured: 6, between: [4, 6], lookAt }).held, true);
  assert.equal(judge('c', { measured: 3.99, between: [4, 6], lookAt }).held, false);
});

test('a value that is no number holds no bound', () => {
  for (const spec of [{ atLeast: 0 }, { atMost: 0 }, { between: [-1, 1] as const }, { equals: 0 }]) {
    const check = judge('c', { measured: Number.NaN, ...spec, lookAt } as Parameters<typeof judge>[1]);
    assert.equal(check.held, false, JSON.stringify(spec));
    assert.equal(check.measured, 'not a number');
  }
});

test('nothing is not the same as zero', () => {
  assert.equal(judge('c', { measured: undefined, equals: 0, lookAt }).held, false);
  assert.equal(judge('c', { measured: '0', equals: 0, lookAt }).held, false);
});

test('what is shown is what was compared', () => {
  const check = judge('three are faster', { measured: 2.506, atLeast: 2.7, unit: 'times', detail: '95 and 237 a second', lookAt });
  assert.deepEqual(check, {
    claim: 'three are faster',
    held: false,
    expected: 'at least 2.7 times',
    measured: '2.506 times (95 and 237 a second)',
    lookAt,
  });
  assert.equal(judge('c', { measured: 4.8, between: [4, 6], unit: '%', lookAt }).expected, '4 to 6 %');
});

test('a value just off its bound is not shown as the bound', () => {
  assert.equal(judge('c', { measured: 2.6999, atLeast: 2.7, lookAt }).measured, '2.6999');
});

test('numbers are shown as people read them', () => {
  assert.equal(formatValue(10_000), '10,000');
  assert.equal(formatValue(1 / 3), '0.333');
  assert.equal(formatValue(undefined), 'nothing');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareStates } from '../../../src/order-lab/scenario/comparison.ts';
import { Recorder } from '../../../src/order-lab/scenario/recorder.ts';

test('a step is written down with its times, its result, and what it throws', async () => {
  let now = 0;
  const recorder = new Recorder({}, () => (now += 10));
  const value = await recorder.step({ kind: 'change', what: 'works' }, async (tell) => {
    tell('fine');
    return 7;
  });
  assert.equal(value, 7);
  await assert.rejects(
    recorder.step({ kind: 'change', what: 'fails' }, () => Promise.reject(new Error('no broker'))),
    /no broker/,
  );
  const [works, fails] = recorder.steps;
  assert.deepEqual([works?.startMs, works?.endMs, works?.result, works?.error], [10, 20, 'fine', undefined]);
  assert.equal(fails?.error, 'no broker');
});

test('a step that nobody waits for yet may fail without ending the process', async () => {
  const recorder = new Recorder();
  const sending = recorder.step({ kind: 'change', what: 'burst' }, () => Promise.reject(new Error('away')));
  await new Promise((resolve) => setTimeout(resolve, 5));
  await assert.rejects(sending, /away/);
});

test('the same look again and again is one step', async () => {
  const recorder = new Recorder();
  for (let round = 0; round < 3; round += 1) await recorder.step({ kind: 'look', what: 'metrics' }, async () => {});
  await recorder.step({ kind: 'change', what: 'kill' }, async () => {});
  await recorder.step({ kind: 'look', what: 'metrics' }, async () => {});
  assert.deepEqual(
    recorder.steps.map(({ what, times }) => [what, times]),
    [
      ['metrics', 3],
      ['kill', 1],
      ['metrics', 1],
    ],
  );
});

test('two states are compared value by value, without what only the clock changes', () => {
  const { rows } = compareStates('replay', { total_orders: 5, lag: 0, digest: 'a', map: {} }, { total_orders: 5, lag: 9, digest: 'b' });
  assert.deepEqual(rows, [
    { field: 'total_orders', before: '5', after: '5', differs: false },
    { field: 'digest', before: 'a', after: 'b', differs: true },
  ]);
});

test('a run that did not reach what it is about does not hold, and says what it never reached', () => {
  const recorder = new Recorder();
  const reached = { situation: 'a kill at work', times: 3, needed: 1 };
  assert.equal(recorder.sometimes([reached]).held, true);
  const { held, measured } = recorder.sometimes([reached, { situation: 'a freeze', times: 1, needed: 2 }]);
  assert.equal(held, false);
  assert.equal(measured, '1 situations (too seldom: a freeze)');
  assert.deepEqual(recorder.tables.at(-1)?.rows, [
    ['a kill at work', 3, 1],
    ['a freeze', 1, 2],
  ]);
});

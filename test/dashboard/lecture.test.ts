import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Next, nextOf, placeOf } from '../../dashboard/src/lib/lecture.ts';
import { tours } from '../../dashboard/src/lib/tours.ts';

test('the space bar does what a step asks for, then goes on, and ends with the tour', () => {
  const seen = tours[0]?.steps.findIndex(({ act }) => act === undefined) ?? 0;
  const id = tours[0]?.id ?? '';
  const cases: [Record<string, string>, boolean, boolean, Next][] = [
    [{}, false, false, 'choose'],
    [{ tour: 'nobody' }, false, false, 'choose'],
    [{ tour: id }, false, false, 'act'],
    [{ tour: id, step: '1' }, false, true, 'wait'],
    [{ tour: id, step: '1' }, true, false, 'go-on'],
    [{ tour: id, step: String(seen + 1) }, false, false, 'go-on'],
    [{ tour: id, step: '99' }, false, false, 'end'],
    [{ tour: id, step: 'x' }, false, false, 'act'],
    [{ tour: id, step: '-3' }, false, false, 'act'],
  ];
  for (const [parameters, acted, busy, wanted] of cases) {
    assert.equal(nextOf(placeOf(parameters), acted, busy), wanted, JSON.stringify({ parameters, acted, busy }));
  }
});

test('every tour can be given by the space bar alone: each step does something, or there is something to see', () => {
  for (const { id, steps } of tours) {
    assert.ok(
      steps.some(({ act }) => act),
      id,
    );
    for (const { act, at, title } of steps) assert.ok(act ? act.path.startsWith('/api/') : at === 'picture' || at === 'replay', title);
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { missingOf } from '../../../src/pipeline/analytics/answer-source.ts';
import { hourKey, hourOf, type Minutes, Parts, sealKey } from '../../../src/pipeline/analytics/part.ts';
import { awayAfterMs } from '../../../src/pipeline/analytics/parts-topic.ts';
import { minuteCheck, noSums } from '../../../src/pipeline/analytics/tally.ts';
import { WholeView } from '../../../src/pipeline/analytics/whole-view.ts';

const ids = ['a', 'b'];
const minute = 29_400_000;
const hour = hourOf(minute);

const seal = (minutes: Minutes, { reading = 'r', by = 'me', at = 1 } = {}) => ({
  ...{ ids, reading, by },
  positions: { orders: at, inventory: at },
  sums: {
    ...noSums(),
    orders: minutes.reduce((sum, [, orders]) => sum + orders, 0),
    minuteCheck: minutes.reduce((sum, [one, orders]) => sum + minuteCheck(one, orders), 0),
  },
  seconds: [],
  conflicts: [],
});
const told = (minutes: Minutes, reading = 'r') => ({ ids, reading, minutes });

/** Tells a part as its owner does: the hours, then the seal. */
function tell(parts: Parts, whole: WholeView, partition: number, minutes: Minutes, more: Parameters<typeof seal>[1] = {}): void {
  for (const [one, of] of Map.groupBy(minutes, ([at]) => hourOf(at))) parts.take(hourKey(partition, one), told(of, more.reading), 1);
  const change = parts.take(sealKey(partition), seal(minutes, more), 1);
  if (change) whole.take(change);
}

const started = () => {
  const parts = new Parts(ids);
  return { parts, whole: new WholeView(parts.parts) };
};
const byMinute = (whole: WholeView) => Object.values(whole.view().byMinute.newest());

describe('parts of the view', () => {
  it('add up, also where one goes on and where one is taken back', () => {
    const { parts, whole } = started();
    tell(parts, whole, 0, [[minute, 2]]);
    tell(parts, whole, 1, [
      [minute, 1],
      [minute + 60, 4],
    ]);
    assert.equal(whole.view().orders, 7);
    assert.deepEqual(byMinute(whole), [3, 4]);
    tell(parts, whole, 0, [[minute, 5]], { at: 2 });
    assert.deepEqual([whole.view().orders, ...byMinute(whole)], [10, 6, 4]);
    tell(parts, whole, 1, [], { reading: 'again', at: 0 });
    assert.deepEqual([whole.view().orders, ...byMinute(whole)], [5, 5]);
  });

  it('count from their seal on, not before', () => {
    const { parts, whole } = started();
    parts.take(hourKey(0, hour), told([[minute, 2]]), 1);
    assert.equal(whole.view().orders, 0);
    assert.equal(parts.take(sealKey(0), seal([[minute, 2]]), 1)?.part.isBroken, false);
    assert.equal(whole.view().orders, 2);
  });

  it('are missing where another life wrote between hours and seal, until they are told anew', () => {
    const { parts, whole } = started();
    parts.take(hourKey(0, hour), told([[minute, 2]]), 1);
    parts.take(hourKey(0, hour), told([[minute + 1, 2]]), 1);
    const change = parts.take(sealKey(0), seal([[minute, 2]]), 1);
    assert.equal(change?.part.isBroken, true);
    assert.equal(whole.view().orders, 0);
    assert.deepEqual(missingOf([0], parts.parts, 1), [{ partition: 0, since: '1970-01-01T00:00:00.001Z' }]);
    tell(parts, whole, 0, [[minute, 2]]);
    assert.deepEqual(missingOf([0], parts.parts, 1), []);
    assert.equal(whole.view().orders, 2);
  });

  it('of another log, of another reading, and of strangers change nothing', () => {
    const { parts, whole } = started();
    tell(parts, whole, 0, [[minute, 2]]);
    parts.take(hourKey(0, hour), told([[minute, 9]], 'older'), 1);
    assert.equal(parts.take(sealKey(0), { ...seal([[minute, 9]]), ids: ['a', 'made anew'] }, 1), undefined);
    for (const [key, body] of [
      [sealKey(0), undefined],
      [sealKey(0), { ids }],
      ['part/x', seal([])],
      ['anything', {}],
      [hourKey(0, hour), 'text'],
    ] as const) {
      assert.equal(parts.take(key, body, 1), undefined);
    }
    tell(parts, whole, 0, [[minute, 3]], { at: 2 });
    assert.deepEqual([whole.view().orders, ...byMinute(whole)], [3, 3]);
  });

  it('are missing where nobody told of them lately', () => {
    const { parts, whole } = started();
    tell(parts, whole, 1, []);
    const late = awayAfterMs + 2;
    assert.deepEqual(missingOf([0, 1], parts.parts, 2), [{ partition: 0, since: null }]);
    assert.deepEqual(
      missingOf([0, 1], parts.parts, late).map(({ partition }) => partition),
      [0, 1],
    );
  });
});

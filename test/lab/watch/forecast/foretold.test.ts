import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Foretold } from '../../../../src/lab/watch/forecast/foretold.ts';

const startMs = Date.parse('2026-11-27T12:00:00Z');
const begun = (sec: number | null, lag: number | null = 9000) => {
  const foretold = new Foretold();
  const text = foretold.begin('g', { instances: 3, sec }, lag, startMs);
  return { foretold, text, at: (second: number) => startMs + second * 1000 };
};

describe('what was foretold before a scale', () => {
  it('is told at once, and held against what it took once the lag is gone', () => {
    const { foretold, text, at } = begun(40);
    assert.equal(text, 'foretold for 3 instances: gone in about 40 s');
    assert.equal(foretold.heldAgainst('g', 5000, 20, at(20), undefined), undefined);
    assert.equal(foretold.heldAgainst('g', 0, 0, at(44), undefined), 'foretold for 3 instances: said 40 s, took 44 s (10% more)');
    assert.equal(foretold.heldAgainst('g', 0, 0, at(45), undefined), undefined, 'once');
  });

  it('ends with the next cause, and says what it would have been by the rates just before', () => {
    const { foretold, at } = begun(40);
    foretold.heldAgainst('g', 5000, 22, at(20), undefined);
    const cause = { atMs: at(21), text: 'throttle=10ms' };
    assert.equal(
      foretold.heldAgainst('g', 5000, null, at(22), cause),
      'foretold for 3 instances: said 40 s, until throttle=10ms: it would have been 42 s',
    );
    assert.equal(foretold.since('g'), undefined);
  });

  it('a cause of before the scale does not count', () => {
    const { foretold, at } = begun(40);
    const cause = { atMs: at(-3), text: 'a burst' };
    assert.equal(foretold.heldAgainst('g', 5000, 22, at(20), cause), undefined);
    assert.equal(foretold.since('g'), startMs);
  });

  it('another scale takes the place of the one before', () => {
    const { foretold, at } = begun(40);
    foretold.begin('g', { instances: 4, sec: 30 }, 5000, at(10));
    assert.equal(foretold.heldAgainst('g', 0, 0, at(41), undefined), 'foretold for 4 instances: said 30 s, took 31 s (3% more)');
  });

  it('is none without lag, where it is not known, and where it is over before a rebalance is', () => {
    for (const [sec, lag] of [
      [40, 0],
      [40, null],
      [null, 9000],
      [2, 9000],
    ] as const) {
      const { foretold, text, at } = begun(sec, lag);
      assert.equal(text, undefined);
      assert.equal(foretold.heldAgainst('g', 0, 0, at(9), undefined), undefined);
    }
  });
});

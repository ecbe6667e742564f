import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commitMarker, startOffset } from '../../../src/pipeline/analytics/start-offset.ts';

const mine = { storeId: 'mine', stored: 70, committed: 60, metadata: commitMarker('mine', 60), end: 100 };

describe('where a partition is read on', () => {
  const cases: [string, Parameters<typeof startOffset>[0], { action: string; offset: number }][] = [
    ['own marker: at the store’s own position', mine, { action: 'continue', offset: 70 }],
    ['no marker, an earlier offset: a reset', { ...mine, metadata: undefined }, { action: 'rewind', offset: 60 }],
    ['no marker, offset 0: a reset to earliest', { ...mine, metadata: undefined, committed: 0 }, { action: 'rewind', offset: 0 }],
    [
      'no marker, the store’s own offset: nothing to take back',
      { ...mine, metadata: undefined, committed: 70 },
      { action: 'continue', offset: 70 },
    ],
    ['no marker, a later offset: nothing is skipped', { ...mine, metadata: undefined, committed: 90 }, { action: 'continue', offset: 70 }],
    ['foreign metadata counts as a reset', { ...mine, metadata: 'somebody' }, { action: 'rewind', offset: 60 }],
    ['another store’s marker: from the beginning', { ...mine, metadata: commitMarker('other', 60) }, { action: 'rewind', offset: 0 }],
    [
      'another instance went on with the same reading: the rows are right as far as they go',
      { ...mine, reading: 'r', metadata: commitMarker('other', 60, 'r') },
      { action: 'continue', offset: 70 },
    ],
    [
      'another instance began another reading: from the beginning',
      { ...mine, reading: 'r', metadata: commitMarker('other', 60, 'reset') },
      { action: 'rewind', offset: 0 },
    ],
    [
      'another instance’s marker, moved by a tool that keeps it: from the beginning',
      { ...mine, reading: 'r', committed: 20, metadata: commitMarker('other', 60, 'r') },
      { action: 'rewind', offset: 0 },
    ],
    ['own marker with its reading', { ...mine, metadata: commitMarker('mine', 60, 'r') }, { action: 'continue', offset: 70 }],
    ['own marker, but moved back by a tool that keeps it: a reset', { ...mine, committed: 20 }, { action: 'rewind', offset: 20 }],
    ['own marker, but moved on by such a tool: nothing is skipped', { ...mine, committed: 90 }, { action: 'continue', offset: 70 }],
    ['own marker without its last character', { ...mine, metadata: mine.metadata.slice(0, -1) }, { action: 'continue', offset: 70 }],
    ['no commit at all: a reset to earliest', { ...mine, committed: undefined, metadata: undefined }, { action: 'rewind', offset: 0 }],
    ['an empty store: from the beginning', { ...mine, stored: undefined }, { action: 'rewind', offset: 0 }],
    ['a log that ends before the store: from the beginning', { ...mine, end: 69 }, { action: 'rewind', offset: 0 }],
  ];
  for (const [what, state, expected] of cases) {
    it(what, () => {
      const { action, offset, because } = startOffset(state);
      assert.deepEqual({ action, offset }, expected);
      assert.ok(because.length > 0);
    });
  }
});

describe('which reading a partition is of', () => {
  const other = { ...mine, reading: 'r', metadata: commitMarker('other', 60, 'reset') };
  it('goes on by itself, and where another instance went on', () => {
    assert.equal(startOffset({ ...mine, reading: 'r' }).reading, 'r');
    assert.equal(startOffset({ ...other, metadata: commitMarker('other', 60, 'r') }).reading, 'r');
  });
  it('is the one that another instance began, for who catches up with it', () => {
    assert.equal(startOffset(other).reading, 'reset');
    assert.equal(startOffset({ ...other, stored: undefined }).reading, 'reset');
  });
  it('is a new one after a reset', () => {
    for (const change of [{ metadata: undefined }, { committed: undefined }, { committed: 20 }, { end: 1 }]) {
      assert.equal(startOffset({ ...other, ...change }).reading, undefined);
    }
  });
  it('is a new one after a reset to the beginning, where this store held nothing of it and another one all', () => {
    assert.equal(startOffset({ ...mine, reading: 'r', stored: 0, committed: 0, metadata: '' }).reading, undefined);
    assert.equal(startOffset({ ...mine, reading: 'r', stored: 0, committed: 0, metadata: commitMarker('mine', 0, 'r') }).reading, 'r');
  });
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { groupMarks, partitionLines, totalLines } from '../../dashboard/src/lib/timeline.ts';
import type { Layout, Mark, Sample } from '../../src/order-lab/wire/all.ts';

const layout: Layout = {
  ends: [],
  commits: [
    { group: 'a', topic: 't', partition: 0 },
    { group: 'a', topic: 't', partition: 1 },
    { group: 'b', topic: 't', partition: 0 },
  ],
};
const sample = (atMs: number, lag: (number | null)[]): Sample => ({
  atMs,
  lag,
  ends: [],
  committed: [],
  inPerSec: null,
  decidedPerSec: null,
  seenPerSec: null,
  ordersPerMin: null,
  endToEndMs: null,
});

test('a total adds what is known; where nothing is known the line has a gap', () => {
  const [a, b] = totalLines(layout, [sample(1, [5, null, null]), sample(2, [5, 7, 1])], ['a', 'b']);
  assert.deepEqual(a?.points, [
    [1, 5],
    [2, 12],
  ]);
  assert.deepEqual(b?.points, [
    [1, null],
    [2, 1],
  ]);
});

test('a partition that came later has a gap before it, since older samples are shorter', () => {
  const lines = partitionLines(layout, [sample(1, [5]), sample(2, [5, 7])], 'a');
  assert.deepEqual(
    lines.map(({ name, points }) => [name, points.map(([, lag]) => lag)]),
    [
      ['t 0', [5, 5]],
      ['t 1', [null, 7]],
    ],
  );
});

test('marks at about the same moment share a label', () => {
  const mark = (id: number, atMs: number, kind: Mark['kind']): Mark => ({ id, atMs, kind, subject: 's', text: '' });
  const groups = groupMarks([mark(1, 1000, 'kill'), mark(2, 1400, 'crash'), mark(3, 1900, 'crash'), mark(4, 9000, 'burst')], 2000);
  assert.deepEqual(
    groups.map(({ label, marks }) => [label, marks.length]),
    [
      ['kill, crash', 3],
      ['burst', 1],
    ],
  );
  const told = groupMarks([mark(1, 1000, 'forecast'), mark(2, 1400, 'scale'), mark(3, 9000, 'forecast'), mark(4, 9000, 'digest')], 2000);
  assert.deepEqual(
    told.map(({ label }) => label),
    ['scale'],
    'how good a forecast was is no cause, nor is what a replay gave',
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextForecasts, noForecasts, scoreText } from '../../../src/lab/watch/forecast.ts';
import { type Moment, type Situation, whenGone } from '../../../src/lab/watch/when-gone.ts';
import { simulate } from './fixtures/simulated-group.ts';

/** Seconds 0 to 10; each partition by its end, its first offset read, and how many it reads a second. */
const looks = (...partitions: { end: number; next: number; perSec: number; inPerSec?: number }[]): Moment[] =>
  Array.from({ length: 11 }, (_, second) => ({
    atMs: second * 1000,
    partitions: partitions.map(({ end, next, perSec, inPerSec = 0 }, index) => {
      const now = { end: end + second * inPerSec, next: next + second * perSec };
      return { id: `t/${index}`, ...now, lag: now.end - now.next };
    }),
  }));
const reader =
  (...names: (string | undefined)[]) =>
  (id: string) =>
    names[Number(id.split('/')[1])];

test('the answer in each situation, and why', () => {
  const idle = { end: 500, next: 500, perSec: 0 };
  const table: [what: string, situation: Situation, sec: number | null, text: string][] = [
    ['nothing is known', { moments: [], readerOf: reader() }, null, 'not yet known: no lag is known'],
    ['nothing waits', { moments: looks(idle, idle), readerOf: reader('a', 'a') }, 0, 'nothing waits'],
    ['one reader, one partition', { moments: looks({ end: 3000, next: 0, perSec: 100 }), readerOf: reader('a') }, 20, 'gone in about 20 s'],
    [
      'two readers: the slower one decides, with its name and what it has left',
      {
        moments: looks({ end: 50_000, next: 0, perSec: 200 }, { end: 4000, next: 0, perSec: 200 }),
        readerOf: reader('b', 'a'),
      },
      240,
      'gone in about 4 min: b has 48,000 records left and reads 200/s',
    ],
    [
      'one reader takes its partitions in turn: the sum counts',
      { moments: looks({ end: 2000, next: 0, perSec: 100 }, { end: 1000, next: 0, perSec: 0 }), readerOf: reader('a', 'a') },
      20,
      'gone in about 20 s',
    ],
    [
      'more comes in, slower than it is read',
      { moments: looks({ end: 2000, next: 0, perSec: 200, inPerSec: 100 }), readerOf: reader('a') },
      10,
      'gone in about 10 s: a has 1,000 records left and reads 200/s, while 100/s come in',
    ],
    [
      'more comes in than is read',
      { moments: looks({ end: 2000, next: 0, perSec: 100, inPerSec: 500 }), readerOf: reader('a') },
      null,
      'not while 500/s come in for a, which reads 100/s',
    ],
    [
      'a reader that commits nothing',
      { moments: looks({ end: 2000, next: 0, perSec: 0 }), readerOf: reader('a') },
      null,
      'not yet known: a has committed nothing for 10 s',
    ],
    [
      'of two readers one stands: the group is not done before it is',
      { moments: looks({ end: 2000, next: 0, perSec: 0 }, { end: 2000, next: 0, perSec: 100 }), readerOf: reader('a', 'b') },
      null,
      'not yet known: a has committed nothing for 10 s',
    ],
    [
      'a partition without a reader',
      { moments: looks({ end: 9, next: 0, perSec: 0 }), readerOf: reader() },
      null,
      'not yet known: rebalancing',
    ],
    [
      'rebalancing',
      { moments: looks({ end: 2000, next: 0, perSec: 10 }), readerOf: reader('a'), halted: 'rebalancing' },
      null,
      'not yet known: rebalancing',
    ],
    [
      'paused',
      { moments: looks({ end: 2000, next: 0, perSec: 10 }), readerOf: reader('a'), halted: 'paused' },
      null,
      'not yet known: paused',
    ],
    [
      'a cause a moment ago: rates of before say nothing',
      { moments: looks({ end: 2000, next: 0, perSec: 10 }), readerOf: reader('a'), cause: { atMs: 8000, text: 'scaled to 3' } },
      null,
      'not yet known: measuring since scaled to 3',
    ],
    [
      'a cause some seconds ago: the rates since then',
      {
        moments: [
          ...looks({ end: 2000, next: 0, perSec: 0 }).slice(0, 6),
          ...looks({ end: 2000, next: 0, perSec: 100 })
            .slice(1, 6)
            .map(({ atMs, partitions }) => ({ atMs: atMs + 5000, partitions })),
        ],
        readerOf: reader('a'),
        cause: { atMs: 5000, text: 'throttle=10ms' },
      },
      15,
      'gone in about 15 s',
    ],
    [
      'an open transaction',
      { moments: looks({ end: 20, next: 0, perSec: 0 }), readerOf: reader('a'), halted: 't/0 waits for an open transaction' },
      null,
      'not yet known: t/0 waits for an open transaction',
    ],
  ];
  for (const [what, situation, sec, text] of table) {
    const { sec: found, text: said } = whenGone(situation);
    assert.deepEqual([found, said], [sec, text], what);
  }
});

test('a partition is done when its reader is, and at once where it has nothing', () => {
  const moments = looks({ end: 2000, next: 0, perSec: 100 }, { end: 10, next: 10, perSec: 0 }, { end: 3000, next: 0, perSec: 50 });
  const { byPartition } = whenGone({ moments, readerOf: reader('a', 'a', 'b') });
  assert.deepEqual(
    [...byPartition],
    [
      ['t/0', 10],
      ['t/1', 0],
      ['t/2', 50],
    ],
  );
});

test('ten seconds after a cause a forecast is within 20% of what comes, in twelve situations', () => {
  const situations: [what: string, group: Parameters<typeof simulate>[0]][] = [
    ['one reader, one partition', { lag: [3000], readers: [[0]], perSec: [100] }],
    ['one reader, three partitions, record by record', { lag: [3000, 2000, 1000], readers: [[0, 1, 2]], perSec: [150] }],
    ['one reader, one partition after the other', { lag: [3000, 2000, 1000], readers: [[0, 1, 2]], perSec: [150], inTurn: true }],
    ['three readers', { lag: [4000, 3900, 4100], readers: [[0], [1], [2]], perSec: [100, 100, 100] }],
    ['a hot partition with a reader of its own', { lag: [300, 9000, 200], readers: [[0, 2], [1]], perSec: [200, 200] }],
    ['a hot partition that shares its reader', { lag: [2500, 9000, 200], readers: [[0, 1], [2]], perSec: [200, 200] }],
    ['the same, one partition after the other', { lag: [2500, 9000, 200], readers: [[0, 1], [2]], perSec: [200, 200], inTurn: true }],
    ['a slow reader beside a fast one', { lag: [3000, 3000], readers: [[0], [1]], perSec: [50, 400] }],
    ['orders come in, slower than they are read', { lag: [4000, 4000], readers: [[0], [1]], perSec: [200, 200], inPerSec: [80, 60] }],
    ['commits of two seconds each', { lag: [6000, 6000], readers: [[0, 1]], perSec: [200], commitEverySec: 2 }],
    ['rates that vary by a fifth', { lag: [5000, 6000, 7000], readers: [[0], [1], [2]], perSec: [120, 120, 120], noise: 0.2 }],
    ['samples that come late', { lag: [5000, 5000], readers: [[0], [1]], perSec: [130, 110], late: 0.4 }],
  ];
  for (const [what, group] of situations) {
    const { atTen, tookSec } = simulate(group);
    const { sec, text } = whenGone(atTen);
    assert.ok(sec !== null, `${what}: ${text}`);
    assert.ok(Math.abs(sec - tookSec) <= 0.2 * tookSec, `${what}: ${sec} s foretold, ${tookSec} s taken`);
  }
});

test('a forecast is made anew at each cause, and the old one is told with how good it was', () => {
  const burst = { atMs: 0, text: 'a burst' };
  let now = nextForecasts(noForecasts, 9000, { sec: null }, 1000, burst);
  assert.equal(now.current, null, 'not before it is known');
  now = nextForecasts(now, 8000, { sec: 100 }, 4000, burst);
  assert.equal(now.current?.drainedAt, '1970-01-01T00:01:44.000Z');
  now = nextForecasts(now, 6000, { sec: 95 }, 24_000, burst);
  assert.equal(now.current?.drainSec, 100, 'not corrected in between');
  const scaled = { atMs: 25_000, text: 'scaled to 3' };
  now = nextForecasts(now, 5900, { sec: null }, 26_000, scaled);
  assert.equal(now.current, null);
  assert.deepEqual(now.scored.map(scoreText), ['said 1 min 40 s, until scaled to 3: it would have been 1 min 55 s']);
  now = nextForecasts(now, 5000, { sec: 20 }, 29_000, scaled);
  now = nextForecasts(now, 0, { sec: 0 }, 51_000, scaled);
  assert.equal(scoreText(now.scored.at(-1) as (typeof now.scored)[number]), 'said 20 s, took 22 s (10% more)');
  assert.deepEqual(
    now.scored.map(({ disturbed, errorSec }) => [disturbed, errorSec]),
    [
      [true, 15],
      [false, 2],
    ],
  );
});

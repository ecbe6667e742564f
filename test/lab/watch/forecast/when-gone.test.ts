import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeOfPace, type Forecasts, nextForecasts, noForecasts, scoreText } from '../../../../src/lab/watch/forecast/forecast.ts';
import { lastCause } from '../../../../src/lab/watch/forecast/group-outlook.ts';
import { type Moment, type Situation, whenGone } from '../../../../src/lab/watch/forecast/when-gone.ts';
import type { MarkKind } from '../../../../src/lab/wire/all.ts';
import { simulate } from '../fixtures/simulated-group.ts';

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
      'one reader has something left, and another had until a moment ago: the pace of the group is not that of the one that decides',
      {
        moments: [
          ...looks({ end: 4000, next: 0, perSec: 200 }, { end: 1000, next: 0, perSec: 100 }).slice(0, 10),
          { atMs: 10_000, partitions: [2000, 1000].map((next, i) => ({ id: `t/${i}`, next, end: i ? 1000 : 4000, lag: i ? 0 : 2000 })) },
        ],
        readerOf: reader('a', 'b'),
      },
      10,
      'gone in about 10 s: a has 2,000 records left and reads 200/s',
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
      'what waits is what came in just now: it keeps up, though a little more came in than was read',
      { moments: looks({ end: 120, next: 0, perSec: 206, inPerSec: 214 }), readerOf: reader('a') },
      1,
      'what waits is read in about 1 s, while 214/s come in',
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
      ['t/0', { sec: 10, readPerSec: 100 }],
      ['t/1', { sec: 0, readPerSec: 0 }],
      ['t/2', { sec: 50, readPerSec: 50 }],
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

const gone = (sec: number | null, keepsUp = false) => ({ sec, keepsUp });

test('a forecast is made anew at each cause, and the old one is told with how good it was', () => {
  const burst = { atMs: 0, text: 'a burst' };
  let now = nextForecasts(noForecasts, 9000, gone(null), 1000, burst);
  assert.equal(now.current, null, 'not before it is known');
  now = nextForecasts(now, 8000, gone(100), 4000, burst);
  assert.equal(now.current?.drainedAt, '1970-01-01T00:01:44.000Z');
  now = nextForecasts(now, 6000, gone(95), 24_000, burst);
  assert.equal(now.current?.drainSec, 100, 'not corrected in between');
  const scaled = { atMs: 25_000, text: 'scaled to 3' };
  now = nextForecasts(now, 5900, gone(null), 26_000, scaled);
  assert.equal(now.current, null);
  assert.deepEqual(now.scored.map(scoreText), ['said 1 min 40 s, until scaled to 3: it would have been 1 min 55 s']);
  now = nextForecasts(now, 5000, gone(20), 29_000, scaled);
  now = nextForecasts(now, 0, gone(0), 51_000, scaled);
  assert.equal(scoreText(now.scored.at(-1) as (typeof now.scored)[number]), 'said 20 s, took 22 s (10% more)');
  assert.deepEqual(
    now.scored.map(({ disturbed, errorSec }) => [disturbed, errorSec]),
    [
      [true, 15],
      [false, 2],
    ],
  );
});

test('a forecast that was right until something else began is said once', () => {
  const burst = { atMs: 0, text: 'a burst' };
  let now = nextForecasts(noForecasts, 8000, gone(100), 4000, burst);
  now = nextForecasts(now, 7000, gone(90), 14_000, burst);
  now = nextForecasts(now, 6900, gone(null), 15_000, { atMs: 14_500, text: 'scaled to 3' });
  assert.deepEqual(now.scored.map(scoreText), ['said 1 min 40 s, until scaled to 3']);
});

test('a forecast that the rates of now contradict for ten seconds is told as what it was, and a new one is made', () => {
  const burst = { atMs: 0, text: 'a burst' };
  let now = nextForecasts(noForecasts, 16_000, gone(300), 4000, burst);
  const second = (atMs: number, sec: number | null): Forecasts =>
    nextForecasts(now, 9000, gone(sec), atMs, changeOfPace(now, atMs) ?? burst);
  for (let atMs = 5000; atMs <= 20_000; atMs += 1000) now = second(atMs, atMs === 9000 ? 240 : 290);
  assert.equal(now.current?.drainSec, 300, 'one second is the rhythm of commits');
  for (let atMs = 21_000; atMs <= 30_000; atMs += 1000) now = second(atMs, 100);
  assert.equal(now.current?.drainSec, 300, 'nine are not enough');
  now = second(31_000, 98);
  assert.deepEqual([now.current?.madeAt, now.current?.drainSec], ['1970-01-01T00:00:31.000Z', 98]);
  assert.deepEqual(now.scored.map(scoreText), ['said 5 min, until the pace changed: it would have been 2 min 6 s']);
  for (let atMs = 32_000; atMs <= 141_000; atMs += 1000) now = second(atMs, null);
  assert.equal(now.current, null, 'what was to be over ten seconds ago is foretold no more');
});

test('nothing is foretold for a group that keeps up, and its forecast ends when it does', () => {
  const burst = { atMs: 0, text: 'a burst' };
  assert.deepEqual(nextForecasts(noForecasts, 41, gone(6, true), 1000, burst), noForecasts);
  let now = nextForecasts(noForecasts, 3000, gone(10), 4000, burst);
  now = nextForecasts(now, 40, gone(0.2, true), 13_000, burst);
  assert.deepEqual([now.current, now.scored.map(scoreText)], [null, ['said 10 s, took 9 s (10% less)']]);
});

test('a cause is called so that it can stand behind "since" and "until"', () => {
  const table: [kind: MarkKind, subject: string, text: string, told: string | undefined][] = [
    ['burst', 'order-events', '500/s come in', 'a burst'],
    ['rebalance', 'g', 'a reads all', 'a rebalance'],
    ['kill', 's.2', 'killed (SIGKILL)', 'the kill of s.2'],
    ['start', 's.2', 'healthy', 'the start of s.2'],
    ['scale', 's', 'scaled to 3', 'scaled to 3'],
    ['set', 's', 'throttle=5ms', 'throttle=5ms'],
    ['set', 'another', 'throttle=5ms', undefined],
  ];
  for (const [kind, subject, text, told] of table) {
    assert.equal(
      lastCause({ group: 'g', service: 's', marks: [{ id: 1, atMs: 1000, kind, subject, text }] })?.text,
      told,
      `${kind} ${subject}`,
    );
  }
});

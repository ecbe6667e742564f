import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retentionUse } from '../../../../src/kafka/groups/retention.ts';
import { duration } from '../../../../src/lab/watch/verdict/group-verdict.ts';
import { insightsOf } from '../../../../src/lab/watch/verdict/insights.ts';
import type { GroupView, LiveState } from '../../../../src/lab/wire/all.ts';

const dayMs = 86_400_000;
const fresh = { okAt: '2026-11-20T20:30:00.000Z', staleSince: null, error: null };
const stale = { okAt: '2026-11-20T20:30:00.000Z', staleSince: '2026-11-20T20:30:00.000Z', error: 'gone' };
const member = (number: number, partitions: number[]) => ({
  consumerId: `c${number}`,
  host: '/127.0.0.1',
  clientId: `inventory-service.${number}`,
  process: `inventory-service.${number}`,
  partitions: partitions.map((partition) => ({ topic: 'order-events', partition })),
});
const partition = (number: number, lag: number) => ({
  topic: 'order-events',
  partition: number,
  committed: 0,
  end: lag,
  lag,
  ...{ stable: lag, underWay: null, notVisible: null, openTransaction: null },
  lagShare: null,
  readPerSec: 0,
  ageSec: null,
  drainSec: null,
  readerPerSec: null,
  retention: null,
  owner: null,
  error: null,
});
const group = (more: Partial<GroupView> = {}): GroupView => ({
  group: 'inventory-service-group',
  service: 'inventory-service',
  state: 'Stable',
  type: 'Classic',
  assignor: 'range',
  coordinator: null,
  members: [member(1, [0, 1, 2])],
  partitions: [partition(0, 0), partition(1, 0), partition(2, 0)],
  totalLag: 0,
  ageSec: null,
  readPerSec: 0,
  trend: { direction: 'steady', perSec: 0 },
  drainSec: 0,
  goneText: '',
  verdict: 'OK',
  verdictText: 'all is read',
  forecast: null,
  scored: [],
  autoscaler: { wanted: 1, running: 1, lagThreshold: 1000, text: '' },
  resetRefused: null,
  ...more,
});
const running = { name: 'inventory-service.1', service: 'inventory-service', state: 'healthy', detail: null } as const;
const inForce = (throttleMs = 0, paused = false) => ({
  inForce: { throttleMs, failRate: 0.05, paused },
  set: {},
  everywhere: true,
  notes: [],
});

type Facts = Parameters<typeof insightsOf>[0];
const facts = (groups: GroupView[], more: Partial<Facts> = {}): Facts => ({
  groups,
  waiting: [],
  outOfRange: [],
  processes: [running],
  own: [],
  readsAgain: null,
  readInAll: null,
  ownNames: 'READER_GROUP_ID',
  settings: { 'inventory-service': inForce(), 'analytics-service': inForce() },
  sources: { kafka: fresh, groups: fresh, analytics: fresh, settings: fresh },
  ...more,
});
const said = (given: Facts): [string, string][] => insightsOf(given).map(({ id, text }) => [id, text]);

test('that Kafka does not answer is said with the cause, where it is known', () => {
  const sources = {
    kafka: { okAt: null, staleSince: '2026-01-05T10:20:30.000Z', error: 'timed out' },
    groups: fresh,
    analytics: fresh,
    settings: fresh,
  };
  const why = 'Kafka answers at a:1, but sends its clients on to b:1';
  assert.deepEqual(said(facts([], { sources })), [['kafka-away', 'Kafka does not answer: what is shown of it is old']]);
  assert.deepEqual(said(facts([], { sources, whySilent: why })), [['kafka-away', `${why}: what is shown of it is old`]]);
});

test('the partition whose oldest unread record is nearest to its deletion is named, in time, and urgent at the end', () => {
  const aged = (number: number, days: number) => ({
    ...partition(number, 10),
    retention: retentionUse({ ms: 7 * dayMs, bytes: null }, 0, days * dayMs),
  });
  const told = (...ages: number[]): [string, string][] =>
    insightsOf(facts([group({ partitions: ages.map((days, number) => aged(number, days)), totalLag: 30 })])).map((one) => [
      one.level,
      one.text,
    ]);
  const begin = 'the oldest record that inventory-service-group has not read is';
  assert.deepEqual(told(1, 2, 3), []);
  assert.deepEqual(told(1, 4, 3), [
    ['warn', `order-events/1: ${begin} 4 d old; retention.ms = 7 d: may be deleted in 3 d at the earliest (57%)`],
  ]);
  assert.deepEqual(told(5, 4, 6.5), [
    [
      'bad',
      `order-events/2: ${begin} 6 d 12 h old; retention.ms = 7 d: may be deleted in 12 h at the earliest (92%); ` +
        '2 other partitions of the group are near it too',
    ],
  ]);
});

test('a hot partition is named, with its share', () => {
  const skewed = group({ partitions: [partition(0, 950), partition(1, 950), partition(2, 8100)], totalLag: 10_000 });
  assert.deepEqual(said(facts([skewed])), [
    ['hot-partition', 'partition 2 holds 81% of the lag: inventory-service.1 reads 3 partitions, one more instance takes some of them'],
  ]);
  const processes = [running, { ...running, name: 'inventory-service.2', state: 'starting' as const }];
  assert.equal(said(facts([skewed], { processes }))[0]?.[1], 'partition 2 holds 81% of the lag: inventory-service.2 is starting');
  const even = group({ partitions: [partition(0, 3000), partition(1, 3000), partition(2, 4000)], totalLag: 10_000 });
  assert.deepEqual(said(facts([even])), []);
});

test('more instances than partitions: one is idle', () => {
  const members = [member(1, [0]), member(2, [1]), member(3, [2]), member(4, [])];
  const processes = members.map(({ process }) => ({ ...running, name: process }));
  const idle = ['idle-instance', '4 instances, 3 partitions: one is idle'];
  assert.deepEqual(said(facts([group({ members, totalLag: 1 })], { processes })), [idle]);
  const read = insightsOf(facts([group({ members })], { processes }));
  assert.deepEqual(
    read.map(({ id, level }) => [id, level]),
    [
      ['all-read', 'info'],
      ['idle-instance', 'info'],
    ],
    'nobody waits for it',
  );
});

test('while a group rebalances, an instance without partitions is not called idle', () => {
  const members = [member(1, []), member(2, []), member(3, []), member(4, [])];
  assert.deepEqual(
    said(facts([group({ members, state: 'PreparingRebalance' })])).map(([id]) => id),
    ['rebalancing'],
  );
});

test('a commit that is not in the log is the first thing that is said', () => {
  const outOfRange = [{ group: 'g', text: 'g has committed offset 9' }];
  assert.deepEqual(said(facts([group()], { outOfRange })), [['out-of-range', 'g has committed offset 9']]);
});

test('a throttle says how much can be read at most', () => {
  const settings = { 'inventory-service': inForce(10), 'analytics-service': inForce() } as LiveState['settings'];
  assert.deepEqual(said(facts([group()], { settings })), [
    ['all-read', 'everything is read: no lag'],
    ['throttled', 'inventory-service waits 10 ms per record: 1 instance reads at most 100/s'],
  ]);
});

test('stopped, paused and stalled are told apart', () => {
  const stopped = group({ members: [], state: 'Empty', verdict: 'STOP', totalLag: 5000 });
  assert.deepEqual(said(facts([stopped], { processes: [] })), [['stopped', 'inventory-service is stopped: 5,000 records wait for it']]);
  const still = group({ verdict: 'STALL', verdictText: '5 records wait', totalLag: 5 });
  assert.deepEqual(said(facts([still])), [['stalled', 'inventory-service-group: 5 records wait']]);
  const settings = { 'inventory-service': inForce(0, true), 'analytics-service': inForce() } as LiveState['settings'];
  assert.equal(said(facts([still], { settings }))[0]?.[0], 'paused');
});

test('growing and draining say how fast, in figures that fit each other', () => {
  const growing = group({ verdict: 'WARN', trend: { direction: 'growing', perSec: 900 }, readPerSec: 100, totalLag: 2000 });
  assert.deepEqual(said(facts([growing])), [
    ['growing', 'the lag of inventory-service-group grows by 900/s: 1,000/s come in, 100/s are read'],
  ]);
  const draining = group({
    trend: { direction: 'draining', perSec: -300 },
    drainSec: 65,
    goneText: 'gone in about 1 min 5 s',
    totalLag: 19_500,
  });
  assert.deepEqual(said(facts([draining])), [['draining', 'the lag of inventory-service-group falls by 300/s: gone in about 1 min 5 s']]);
});

test('lag that stays as it is, while it comes in, is told without "gone" twice', () => {
  const text = 'what waits is read in about 1 s, while 214/s come in';
  assert.deepEqual(said(facts([group({ drainSec: 0.9, goneText: text, totalLag: 200 })])), [
    ['draining', `the lag of inventory-service-group: ${text}`],
  ]);
});

test('lag whose end is not known says why', () => {
  const measuring = group({ drainSec: null, goneText: 'not yet known: measuring since a burst', totalLag: 500 });
  assert.deepEqual(said(facts([measuring])), [
    ['draining', 'when the lag of inventory-service-group is gone: not yet known: measuring since a burst'],
  ]);
  assert.deepEqual(said(facts([{ ...measuring, totalLag: 3 }])), []);
});

test('a Kafka that does not answer comes first, and a crash is told with its reason', () => {
  const processes = [{ ...running, state: 'restarting', detail: 'killed by SIGKILL, next start in 0.2 s' } as const];
  const sources = { kafka: stale, groups: stale, analytics: fresh, settings: fresh };
  const settings = { 'inventory-service': inForce(10), 'analytics-service': inForce() } as LiveState['settings'];
  assert.deepEqual(
    said(facts([group()], { processes, sources, settings })).map(([id]) => id),
    ['kafka-away', 'crashed', 'throttled'],
  );
});

test('nothing to say means that everything is read', () => {
  assert.deepEqual(said(facts([group()])), [['all-read', 'everything is read: no lag']]);
});

test('at a start nothing is said to be read before somebody has looked', () => {
  const unknown = group({ state: 'Unknown', members: [] });
  const start = (name: string) => ({ ...running, name, state: 'starting' as const });
  const neverSeen = { ...stale, okAt: null };
  const sources = { kafka: neverSeen, groups: neverSeen, analytics: fresh, settings: fresh };
  const cases: [string, Facts, string[]][] = [
    ['nothing runs yet', facts([unknown], { sources, processes: [] }), ['the lab is starting']],
    ['Kafka starts', facts([unknown], { sources, processes: [start('kafka')] }), ['Kafka is starting']],
    [
      'services start',
      facts([unknown], { processes: [start('order-service'), start('inventory-service.1'), running] }),
      ['order-service and inventory-service.1 are starting'],
    ],
    ['one more starts', facts([group()], { processes: [running, start('inventory-service.2')] }), ['inventory-service.2 is starting']],
    ['nobody has looked', facts([unknown]), ['not yet known: Kafka has not told who is in every group']],
    ['all is known', facts([group()]), ['everything is read: no lag']],
  ];
  for (const [what, given, expected] of cases) {
    assert.deepEqual(
      insightsOf(given).map(({ text }) => text),
      expected,
      what,
    );
  }
});

test('what a system tells of itself stands among the rest, and one that reads again is not called skewed', () => {
  const own = [{ id: 'its-own', level: 'bad', group: null, text: 'a wheel came off' }] as const;
  const skewed = group({ partitions: [partition(0, 900), partition(1, 0), partition(2, 0)], totalLag: 900 });
  const ids = (given: Facts): string[] => insightsOf(given).map(({ id }) => id);
  assert.deepEqual(ids(facts([skewed], { own })), ['its-own', 'hot-partition']);
  assert.deepEqual(ids(facts([skewed], { own, readsAgain: 'inventory-service' })), ['its-own']);
  assert.deepEqual(said(facts([group()], { readInAll: '5 records' })), [['all-read', 'everything is read: 5 records, no lag']]);
});

test('times are told as people say them', () => {
  assert.deepEqual([0.2, 59, 60, 3599, 11_400].map(duration), ['1 s', '59 s', '1 min', '59 min 59 s', '3 h 10 min']);
});

test('members that the lab did not start are told, with the names that keep two labs apart', () => {
  const two = group({ members: [member(1, [0, 1]), { ...member(1, [2]), consumerId: 'other' }] });
  const [insight] = insightsOf(facts([two]));
  assert.equal(insight?.id, 'strangers');
  assert.match(
    insight?.text ?? '',
    /has 2 members \(inventory-service\.1 on 127\.0\.0\.1\), and one is not started by this lab.*its own names: READER_GROUP_ID/,
  );
  const without = (one: GroupView, more: Partial<Facts> = {}) => insightsOf(facts([one], more)).every(({ id }) => id !== 'strangers');
  assert.ok(without(two, { processes: [running, { ...running, name: 'inventory-service.2', state: 'restarting' }] }));
  // The dead and the living are both there while a group looks for its members.
  assert.ok(without({ ...two, state: 'PreparingRebalance' }));
  assert.ok(without(group()));
});

test("a partition that waits for somebody's transaction is not called hot, and is named once", () => {
  const waiting = [{ topic: 'order-events', partition: 0, text: 'order-events/0 waits' }];
  const skewed = group({ partitions: [partition(0, 900), partition(1, 0), partition(2, 0)], totalLag: 900 });
  const stalled = { ...skewed, verdict: 'STALL', verdictText: 'order-events/0 waits' } as const;
  const ids = insightsOf(facts([stalled, { ...stalled, group: 'other' }], { waiting })).map(({ id }) => id);
  assert.deepEqual(ids, ['open-transaction']);
  assert.ok(insightsOf(facts([skewed])).some(({ id }) => id === 'hot-partition'));
});

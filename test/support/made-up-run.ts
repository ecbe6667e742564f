/** A lab as its page is told of it, second by second, with the noise of real figures: made up, so that a test of size needs no fifteen minutes. */
import { createHash } from 'node:crypto';
import type { FeedEvent } from '../../src/lab/watch/live-feed.ts';
import type { LiveState, Look, Mark, Sample } from '../../src/order-lab/wire/all.ts';

const startMs = Date.parse('2026-11-20T20:30:00Z');
const topics = ['order-events', 'inventory-events'];
const columns = topics.flatMap((topic) => [0, 1, 2].map((partition) => ({ topic, partition })));
const groups = [
  { group: 'inventory-service-group', service: 'inventory-service', reads: columns.slice(0, 3), members: 3 },
  { group: 'analytics-group', service: 'analytics-service', reads: columns, members: 1 },
];
const commits = groups.flatMap(({ group, reads }) => reads.map((column) => ({ group, ...column })));

/** The same figures each time, and none that could be told from the one before. */
const noise = (...what: (string | number)[]): number => createHash('sha256').update(what.join()).digest().readUInt32LE(0) / 2 ** 32;
const rate = (...what: (string | number)[]): number => Math.round(noise(...what) * 3000) / 10;
const id = (what: string): string => createHash('sha256').update(what).digest('hex').slice(0, 32);
const iso = (ms: number): string => new Date(ms).toISOString();

/** @returns what the page is sent in so many seconds; no second is like another */
export function madeUpEvents(seconds: number): FeedEvent[] {
  const ends = columns.map(() => 0);
  const committed = commits.map(() => 0);
  const layout: FeedEvent = { id: 'a-1', name: 'layout', data: { ends: columns, commits } };
  return [
    layout,
    ...Array.from({ length: seconds }, (_, second) => {
      const atMs = startMs + second * 1000 + Math.round(noise('at', second) * 30);
      for (const index of ends.keys()) ends[index] = (ends[index] ?? 0) + Math.round(noise('end', second, index) * 200);
      for (const index of committed.keys()) committed[index] = (committed[index] ?? 0) + Math.round(noise('commit', second, index) * 190);
      const lag = commits.map(({ topic, partition }, index) => {
        const end = ends[columns.findIndex((one) => one.topic === topic && one.partition === partition)] ?? 0;
        return Math.max(0, end - (committed[index] ?? 0));
      });
      const sample: Sample = {
        atMs,
        ends: [...ends],
        committed: [...committed],
        lag,
        inPerSec: rate('in', second),
        decidedPerSec: rate('decided', second),
        seenPerSec: rate('seen', second),
        ordersPerMin: Math.round(rate('minute', second) * 60),
        endToEndMs: Math.round(rate('e2e', second)),
      };
      const mark: Mark = {
        id: second,
        atMs,
        kind: 'rebalance',
        subject: 'inventory-service-group',
        text: `3 members share 3 partitions, ${second}`,
      };
      const events = [
        { id: `a-${second}`, name: 'sample', data: sample },
        ...(second % 10 === 0 ? [{ id: `b-${second}`, name: 'mark', data: mark }] : []),
        { id: null, name: 'state', data: stateOf(second, atMs, sample) },
      ];
      return events as FeedEvent[];
    }).flat(),
  ];
}

function stateOf(second: number, atMs: number, { ends, committed, lag }: Sample): LiveState {
  const owner = (service: string, n: number) => ({
    consumerId: `${service}.${n}-${id(service + n)}`,
    host: '/127.0.0.1',
    clientId: `${service}.${n}`,
    process: `${service}.${n}`,
  });
  const views = groups.map(({ group, service, reads, members }) => ({
    group,
    service,
    state: 'Stable',
    type: 'Classic',
    assignor: 'range',
    coordinator: { id: 1, host: '127.0.0.1', port: 9092 },
    members: Array.from({ length: members }, (_, n) => ({ ...owner(service, n), partitions: reads })),
    partitions: reads.map(({ topic, partition }) => {
      const index = commits.findIndex((one) => one.group === group && one.topic === topic && one.partition === partition);
      return {
        topic,
        partition,
        committed: committed[index] ?? null,
        end: ends[columns.findIndex((one) => one.topic === topic && one.partition === partition)] ?? null,
        lag: lag[index] ?? null,
        lagShare: noise('share', second, index),
        readPerSec: rate('read', second, index),
        ageSec: rate('age', second, index),
        drainSec: rate('drain', second, index),
        ...{
          stable: committed[index] ?? null,
          underWay: rate('hands', second, index),
          notVisible: lag[index] ?? null,
          openTransaction: null,
        },
        retention: null,
        owner: owner(service, partition % members),
        error: null,
      };
    }),
    totalLag: lag.reduce<number>((sum, value) => sum + (value ?? 0), 0),
    ageSec: rate('age', second, group),
    readPerSec: rate('read', second, group),
    trend: { direction: 'growing', perSec: rate('trend', second, group) },
    drainSec: rate('drain', second, group),
    verdict: 'WARN',
    verdictText: `the lag grows by ${rate('verdict', second)}/s`,
    forecast: null,
    scored: [],
    autoscaler: { wanted: 3, running: 3, lagThreshold: 1000, text: `${second} of lag / 1,000 per instance = 3: KEDA would run 3` },
    resetRefused: `Assignments can only be reset if the group '${group}' is inactive, but the current state is Stable`,
  }));
  const source = { okAt: iso(atMs - 200), staleSince: null, error: null };
  const names = ['kafka', 'order-service', 'inventory-service.1', 'inventory-service.2', 'inventory-service.3', 'analytics-service'];
  return {
    at: iso(atMs),
    processes: names.map((name, n) => ({
      name,
      service: name.replace(/\.\d$/, ''),
      state: 'healthy',
      pid: 4000 + n,
      port: 8000 + n,
      restarts: 0,
      since: iso(startMs),
      detail: null,
      rssBytes: 150_000_000 + Math.round(noise('rss', Math.floor(second / 5), n) * 5_000_000),
    })),
    groups: views,
    topics: topics.map((topic) => ({
      topic,
      partitions: columns.flatMap((one, n) => (one.topic === topic ? [{ partition: one.partition, end: ends[n], error: null }] : [])),
    })),
    metrics: {
      total_orders: second * 300,
      total_reservations: second * 299,
      failed_reservations: second * 15,
      failure_rate: noise('failure', second),
      orders_per_minute: Object.fromEntries(
        Array.from({ length: Math.ceil((second + 1) / 60) }, (_, n) => [iso(startMs + n * 60_000), n < second / 60 ? 18_000 : second % 60]),
      ),
      position: Object.fromEntries(topics.map((topic) => [topic, { 0: second * 99, 1: second * 101, 2: second * 100 }])),
      as_of: iso(atMs),
      digest: `sha256:${id(`digest ${second}`)}${id(`more ${second}`)}`,
    },
    ledger: {
      written: second * 300,
      decided: second * 290,
      deletedUnread: 0,
      inFlight: second * 10,
      seen: second * 300,
      orders: second * 300,
      duplicates: 0,
      deadLetters: 0,
      deleted: 0,
      unaccounted: 0,
    },
    figures: [],
    settings: {
      'inventory-service': {
        inForce: { throttleMs: 10, failRate: 0.05, paused: false },
        set: { throttleMs: 10 },
        everywhere: true,
        notes: [],
      },
    },
    insights: [
      {
        id: 'growing',
        level: 'warn',
        group: 'inventory-service-group',
        text: `the lag of inventory-service-group grows by ${rate('insight', second)}/s`,
      },
    ],
    sources: { kafka: source, groups: source, analytics: source, settings: source },
  } as unknown as LiveState;
}

/** @returns the newest records of four topics, and the logs of six processes */
export function madeUpLooks(): Look[] {
  const record = (topic: string, offset: number) => ({
    topic,
    partition: offset % 3,
    offset,
    time: iso(startMs + offset),
    key: id(`key ${offset}`),
    value: JSON.stringify({
      eventId: id(`event ${offset}`),
      eventType: 'OrderPlaced',
      orderId: id(`order ${offset}`),
      items: [{ sku: id(`sku ${offset}`).slice(0, 8), qty: offset % 9, price: rate('price', offset) }],
      createdAt: iso(startMs + offset),
    }),
    headers: [
      ['ce_id', id(`event ${offset}`)],
      ['traceparent', id(`trace ${offset}`)],
    ],
  });
  const pages = [...topics, ...topics.map((topic) => `${topic}.dlq`)].map((topic) => ({
    topic,
    records: Array.from({ length: 50 }, (_, offset) => record(topic, offset)),
  }));
  const lines = Array.from({ length: 200 }, (_, n) => ({
    at: iso(startMs + n),
    level: 'info',
    text: `decided ${rate('line', n)} orders of batch ${id(`batch ${n}`)}`,
  }));
  return [
    ...pages.map((body) => ({ path: `/api/topics/${body.topic}/records?limit=50`, atMs: startMs, body })),
    ...Array.from({ length: 6 }, (_, n) => ({ path: `/api/logs/process-${n}?tail=200`, atMs: startMs, body: { lines } })),
  ];
}

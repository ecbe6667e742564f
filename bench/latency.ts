/** From accepted to visible, order by order, measured from outside: HTTP in, HTTP out, on a whole lab at 1,000 orders/s. */
import { setTimeout as sleep } from 'node:timers/promises';
import { partitionKey } from '../src/kafka/partition.ts';
import { pipelineUrls } from '../src/order-lab/client/require-pipeline.ts';
import type { Bench } from './bench.ts';
import { metricsAt, sharedLab } from './lab-under-test.ts';
import { measure } from './measures.ts';
import { type AcceptedOrder, sendOrders } from './order-sender.ts';
import type { Curve, Findings } from './result.ts';
import { percentile } from './statistics.ts';
import { readCommitted } from './topic-log.ts';

const ratePerSec = 1000;
const pollMs = 5;
const topics = { orders: 'order-events', inventory: 'inventory-events' };

/** Where the view was, by `topic/partition`, when an answer of GET /metrics had arrived. */
type Look = { atMs: number; position: Map<string, number> };

type Round = { fromAccepted: number[]; fromSent: number[] };

/** Each round sends for some seconds and waits until everything is visible. */
export async function benchLatency(bench: Bench): Promise<Findings> {
  const lab = await sharedLab(bench);
  const state = await lab.state();
  const { brokers } = state;
  const urls = pipelineUrls(state);
  await sendOrders(urls.orders, { ratePerSec, seconds: bench.sizes.latencyWarmUpSec });
  const rounds: Round[] = [];
  for (let round = 1; round <= bench.rounds; round++) {
    const found = await measureRound(urls, brokers ?? '', bench.sizes.latencySec);
    rounds.push(found);
    const [p50, p99] = [0.5, 0.99].map((share) => percentile(found.fromAccepted, share).toFixed(0));
    bench.say(`latency, round ${round}: ${found.fromAccepted.length} orders, accepted to visible p50 ${p50} ms, p99 ${p99} ms`);
  }
  const of = (figure: keyof Round, share: number): number[] => rounds.map((one) => percentile(one[figure], share));
  return {
    settings: { 'orders/s': ratePerSec, 'seconds a round': bench.sizes.latencySec, 'looked every (ms)': pollMs },
    measures: [
      measure({ name: 'accepted to visible, p50', unit: 'ms', target: { of: 'ours', below: 120 } }, of('fromAccepted', 0.5)),
      measure({ name: 'accepted to visible, p99', unit: 'ms', target: { of: 'ours', below: 300 } }, of('fromAccepted', 0.99)),
      measure({ name: 'sent to visible, p50', unit: 'ms' }, of('fromSent', 0.5)),
      measure({ name: 'sent to visible, p99', unit: 'ms' }, of('fromSent', 0.99)),
    ],
    checks: [],
    curves: [distribution(rounds)],
  };
}

async function measureRound(urls: { orders: string; analytics: string }, brokers: string, seconds: number): Promise<Round> {
  const watching = new AbortController();
  const looks = lookOften(urls.analytics, watching.signal);
  looks.catch(() => {});
  try {
    const accepted = await sendOrders(urls.orders, { ratePerSec, seconds });
    const ends = await waitVisible(urls.analytics, accepted);
    const decidedAt = await decisionsOf(brokers);
    watching.abort();
    return visibleAfter(accepted, await looks, decidedAt, ends);
  } finally {
    watching.abort();
  }
}

/** Answers of GET /metrics, one after the other, each with the moment at which it had arrived. */
async function lookOften(url: string, signal: AbortSignal): Promise<Look[]> {
  const looks: Look[] = [];
  while (!signal.aborted) {
    const { position } = await metricsAt(url);
    const at = Object.entries(position).flatMap(([topic, partitions]) =>
      Object.entries(partitions).map(([partition, offset]) => [partitionKey({ topic, partition: Number(partition) }), offset] as const),
    );
    looks.push({ atMs: performance.now(), position: new Map(at) });
    await sleep(pollMs, undefined, { signal }).catch(() => {});
  }
  return looks;
}

/** Until the view has read all that there is; nobody else writes. */
async function waitVisible(url: string, accepted: readonly AcceptedOrder[]): Promise<number> {
  const last = new Map<string, number>();
  for (const { partition, offset } of accepted) {
    const key = partitionKey({ topic: topics.orders, partition });
    last.set(key, Math.max(offset, last.get(key) ?? 0));
  }
  for (let quiet = 0; quiet < 3; ) {
    await sleep(100);
    const { lag, position } = await metricsAt(url);
    const isRead = [...last].every(([key, offset]) => (position[topics.orders]?.[key.slice(key.indexOf('/') + 1)] ?? 0) > offset);
    quiet = isRead && lag === 0 ? quiet + 1 : 0;
  }
  return performance.now();
}

/** @returns where the decision on each order stands, by `partition/offset` of the order: both topics have the same partitions */
async function decisionsOf(brokers: string): Promise<Map<string, number>> {
  const decided = new Map<string, number>();
  await readCommitted(brokers, topics.inventory, ({ value, offset }) => {
    const { source } = JSON.parse(String(value)) as { source: { partition: number; offset: number } };
    decided.set(`${source.partition}/${source.offset}`, offset);
  });
  return decided;
}

/** An order is visible with the first look whose view is beyond the order and beyond its decision. */
function visibleAfter(accepted: readonly AcceptedOrder[], looks: readonly Look[], decidedAt: Map<string, number>, endMs: number): Round {
  const round: Round = { fromAccepted: [], fromSent: [] };
  for (const [partition, orders] of Map.groupBy(accepted, (order) => order.partition)) {
    let look = 0;
    for (const { offset, sentAtMs, acceptedAtMs } of orders.toSorted((a, b) => a.offset - b.offset)) {
      const decision = decidedAt.get(`${partition}/${offset}`) ?? Number.POSITIVE_INFINITY;
      const isVisible = ({ position }: Look): boolean =>
        (position.get(partitionKey({ topic: topics.orders, partition })) ?? 0) > offset &&
        (position.get(partitionKey({ topic: topics.inventory, partition })) ?? 0) > decision;
      while (look < looks.length && !isVisible(looks[look] as Look)) look += 1;
      const visibleAtMs = looks[look]?.atMs ?? endMs;
      round.fromAccepted.push(visibleAtMs - acceptedAtMs);
      round.fromSent.push(visibleAtMs - sentAtMs);
    }
  }
  return round;
}

function distribution(rounds: readonly Round[]): Curve {
  const shares = Array.from({ length: 100 }, (_, index) => index / 100).concat(0.995, 0.999, 1);
  return {
    file: 'latency',
    title: 'From accepted to visible at 1,000 orders/s, exactly once',
    x: 'percent of the orders',
    y: 'ms',
    lines: rounds.map(({ fromAccepted }, index) => ({
      name: `round ${index + 1}`,
      points: shares.map((share) => [share * 100, percentile(fromAccepted, share)]),
    })),
  };
}

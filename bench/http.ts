/** `POST /produce` under 50 connections: ours, also with telemetry on, a Fastify route that does nothing, and FastAPI with confluent-kafka. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { ensureTopics } from '../src/kafka/admin/admin.ts';
import { ReplaygroundError } from '../src/kafka/errors.ts';
import { freePort } from '../src/lab/broker/ports.ts';
import type { Bench } from './bench.ts';
import { type Command, startContender } from './contender.ts';
import { measure } from './measures.ts';
import { ourCommand } from './our-commands.ts';
import { recordsBelow } from './progress.ts';
import { findPython, httpCommand } from './python-peer.ts';
import type { Findings, Measure } from './result.ts';
import { interleave } from './statistics.ts';
import { committedEnds, partitionCount } from './topic-log.ts';

const connections = 50;
const startDeadlineMs = 30_000;
const order = {
  userId: 'user-4711',
  items: [
    { sku: 'burger', qty: 1, price: 8.99 },
    { sku: 'coffee', qty: 2, price: 2.5 },
  ],
};

/** Ours with OpenTelemetry on: beside ours without any variable, they tell what it costs, and that a dead collector slows nothing. */
const observed = ['ours, told to a collector', 'ours, the collector is dead'] as const;
/** Nobody listens on port 9 (discard). */
const deadCollector = 'http://127.0.0.1:9';

type Who = 'ours' | 'bare Fastify route' | 'FastAPI + confluent-kafka' | (typeof observed)[number];
type Load = { rate: number; p50: number; p99: number; answered: number; written: number };

/** A new process each time, warmed up, then measured. */
export async function benchHttp(bench: Bench): Promise<Findings> {
  const python = await findPython(bench.say);
  const peers: Who[] = ['bare Fastify route', ...(python.ok ? (['FastAPI + confluent-kafka'] as const) : [])];
  const names: Who[] = ['ours', ...peers, ...observed];
  const collector = await startCollector(bench);
  const loads = await interleave(names, { rounds: bench.rounds, warmUp: false }, async (who, round) => {
    const name = `http-${names.indexOf(who)}-${round}`;
    const topic = `bench-${name}`;
    await ensureTopics(bench.admin, [{ name: topic, partitions: partitionCount, config: {} }]);
    const port = await freePort();
    const command: Command =
      who === 'bare Fastify route'
        ? ownPeer('bare-fastify', port)
        : who === 'FastAPI + confluent-kafka'
          ? httpCommand(python.ok ? python.file : '', bench.brokers, topic, port)
          : ourCommand('order-service', {
              KAFKA_BROKERS: bench.brokers,
              ORDERS_TOPIC: topic,
              INVENTORY_TOPIC: `${topic}-inventory`,
              ORDER_SERVICE_PORT: port,
              LAB_HOME: join(bench.home, name),
              ...(who === 'ours, told to a collector' && { OTEL_EXPORTER_OTLP_ENDPOINT: collector }),
              ...(who === 'ours, the collector is dead' && { OTEL_EXPORTER_OTLP_ENDPOINT: deadCollector }),
            });
    const load = await measureLoad(bench, { name, command, topic, port });
    bench.say(`http, ${who}, round ${round}: ${Math.round(load.rate)} requests/s, p50 ${load.p50} ms, p99 ${load.p99} ms`);
    return load;
  });
  const { calls } = (await (await fetch(collector)).json()) as { calls: number };
  const inKafka = names.filter((name) => name !== 'bare Fastify route').flatMap((name) => loads[name].map((load) => ({ name, ...load })));
  return {
    settings: { connections, 'seconds measured': bench.sizes.httpSec, 'warm-up (s)': bench.sizes.httpWarmUpSec, acks: 'all' },
    measures: [
      compared(loads, 'bare Fastify route', { of: 'ratio', atLeast: 0.5 }),
      ...(python.ok ? [compared(loads, 'FastAPI + confluent-kafka')] : []),
      ...observed.map((name) => compared(loads, name)),
      ...names.slice(1).map((name) => latency('p50', loads, name)),
      { ...latency('p99', loads, 'bare Fastify route'), target: { of: 'ours', below: 25 } },
      ...names.slice(2).map((name) => latency('p99', loads, name)),
    ],
    checks: [
      {
        claim: 'every order that was answered is in the topic',
        held: inKafka.every(({ answered, written }) => written >= answered && written <= answered + 2 * connections),
        detail: `${inKafka.map(({ name, answered, written }) => `${name}: ${answered} answered, ${written} written`).join('; ')}; up to ${connections} requests were under way when each load ended`,
      },
      { claim: 'the collector was told', held: calls > 0, detail: `${calls} calls` },
    ],
    missing: python.ok ? [] : [python.why],
  };
}

const compared = (loads: Record<Who, Load[]>, peer: Who, target?: Measure['target']): Measure =>
  measure(
    { name: `${connections} connections, against ${withArticle(peer)}`, unit: 'requests/s', ...(target && { target }) },
    loads.ours.map(({ rate }) => rate),
    { name: peer, rounds: loads[peer].map(({ rate }) => rate) },
  );

const latency = (which: 'p50' | 'p99', loads: Record<Who, Load[]>, peer: Who): Measure =>
  measure(
    { name: `${which}, against ${withArticle(peer)}`, unit: 'ms' },
    loads.ours.map((load) => load[which]),
    { name: peer, rounds: loads[peer].map((load) => load[which]) },
  );

const withArticle = (peer: Who): string => (peer.startsWith('ours') ? peer : `the ${peer}`);

const ownPeer = (folder: string, port: number): Command => ({
  command: process.execPath,
  args: [join(import.meta.dirname, 'peers', folder, 'main.ts')],
  env: { PORT: String(port) },
});

/** @returns its address; it ends with the group of parts */
async function startCollector(bench: Bench): Promise<string> {
  const port = await freePort();
  const collector = startContender('collector', ownPeer('collector', port), join(bench.home, 'collector'));
  bench.defer(() => collector.stop());
  const url = `http://127.0.0.1:${port}`;
  await Promise.race([waitHealthy(url), collector.failed]);
  return url;
}

type Server = { name: string; command: Command; topic: string; port: number };

async function measureLoad(bench: Bench, { name, command, topic, port }: Server): Promise<Load> {
  const contender = startContender(name, command, join(bench.home, name));
  try {
    const url = `http://127.0.0.1:${port}`;
    await Promise.race([waitHealthy(url), contender.failed]);
    const warmUp = await Promise.race([shoot(url, bench.sizes.httpWarmUpSec), contender.failed]);
    const result = await Promise.race([shoot(url, bench.sizes.httpSec), contender.failed]);
    await contender.stop();
    const written = recordsBelow(await committedEnds(bench.admin, topic), new Map());
    const { p50, p99 } = result.latency;
    return { rate: result['2xx'] / result.duration, p50, p99, answered: warmUp['2xx'] + result['2xx'], written };
  } finally {
    await contender.stop();
  }
}

async function waitHealthy(url: string): Promise<void> {
  const deadline = performance.now() + startDeadlineMs;
  for (;;) {
    const healthy = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return;
    if (performance.now() > deadline) throw new ReplaygroundError('bench-stalled', `${url} is not healthy after ${startDeadlineMs} ms`);
    await sleep(50);
  }
}

async function shoot(url: string, durationSec: number): Promise<autocannon.Result> {
  const result = await autocannon({
    url: `${url}/produce`,
    method: 'POST',
    connections,
    duration: durationSec,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  const { errors, timeouts, non2xx } = result;
  if (errors + timeouts + non2xx > 0) {
    throw new ReplaygroundError('bench-refused', `${url}: ${non2xx} requests were refused, ${errors} failed, ${timeouts} took too long`);
  }
  return result;
}

/** Property-based: whatever comes in by HTTP or by Kafka, it is answered 4xx or dead-lettered, nothing breaks, and every count is right. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { type Broker, startBroker } from '../../src/broker/start.ts';
import { clientConfig } from '../../src/kafka/client-config.ts';
import { KafkaInspector } from '../../src/kafka/inspector.ts';
import { type Ledger, readLedger } from '../../src/kafka/ledger/read-ledger.ts';
import { type RealLab, startRealLab } from '../lab/fixtures/real-lab.ts';
import { readAll } from '../support/kafka.ts';
import { type PlainRecord, produceAll } from '../support/produce.ts';
import { testSettings } from '../support/settings.ts';
import { until } from '../support/until.ts';
import { type Answer, type Call, call, callsTo, get, hangUp, type Route, strangeName } from './calls.ts';
import { badDecision, badOrder, goodOrder, hugeRecords } from './records.ts';

/** FUZZ_SEED repeats a run; FUZZ_RUNS=10 tries ten times as much. */
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const scale = Number(process.env.FUZZ_RUNS ?? 1);
const atOnce = 20;

const home = mkdtempSync(join(tmpdir(), 'replayground-fuzz-'));
let kafka: Broker;
let lab: RealLab;
let tried = 0;
/** What must be found in the log in the end. */
const sent = { byHttp: 0, good: 0, duplicates: 0, badOrders: 0, badDecisions: 0 };

const addresses = { orders: '', analytics: '', lab: '' };

describe(`bad input (FUZZ_SEED=${seed})`, () => {
  before(async () => {
    // What is a valid setting by chance reaches all services of a Kafka: this one has its own.
    kafka = await startBroker({ home, port: 0 });
    process.env.KAFKA_BROKERS = kafka.brokers;
    lab = await startRealLab();
    Object.assign(addresses, (await lab.client.state()).urls);
  });
  after(async () => {
    hangUp();
    await lab?.[Symbol.asyncDispose]();
    await kafka?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('order-service answers 2xx or 4xx, and what it accepts is in the log', async (t) => {
    const item = '[{"sku":"burger","qty":1,"price":5}]';
    const routes: Route[] = [
      { path: '/produce', valid: { orderId: '"fuzz"', userId: '"u"', items: item } },
      { path: '/produce', valid: { items: item } },
      { path: '/load-test', valid: { count: '1', ratePerSec: '1000', failRate: '0.5', seed: '"s"' }, required: 'count' },
    ];
    await fuzz(t, routes, 7000, addresses.orders, {}, ({ path }, { status, text }) => {
      if (status === 200) sent.byHttp += path === '/produce' ? 1 : JSON.parse(text).produced;
    });
  });

  it('analytics-service answers 2xx or 4xx', async (t) => {
    await fuzz(t, [{ path: '/replay', valid: { to: '"2026-01-05T10:20:30Z"' } }], 2000, addresses.analytics);
  });

  it('the control API answers 2xx or 4xx', async (t) => {
    const routes: Route[] = [
      { path: '/api/burst', valid: { count: '0', ratePerSec: '1', failRate: '0', seed: '"s"' }, required: 'count' },
      { path: '/api/settings/inventory-service', valid: { throttleMs: '-1', failRate: '2' } },
      { path: '/api/settings/analytics-service', valid: { throttleMs: '-1', paused: '"no"' } },
      { path: '/api/records', valid: { kind: '"none"', orderId: '"o"' } },
      { path: '/api/offsets/plan', valid: { group: '""', target: '{"to":"earliest"}', topics: '["nothing"]' } },
      { path: '/api/offsets/reset', valid: { group: '""', target: '{"to":"offset"}', topics: '[]' } },
      { path: '/api/offsets/undo', valid: { group: '""', backup: '"../x"', plan: 'true' } },
      { path: '/api/dead-letters/redrive', valid: { topic: '""', letters: '["0:0"]', plan: 'true' } },
      { path: '/api/scale', valid: { service: '"nothing"', count: '1000' } },
    ];
    const headers = { authorization: `Bearer ${lab.client.file.token}` };
    await fuzz(t, routes, 2000, addresses.lab, headers);
    // What was valid by chance is taken back: a pause, for one.
    for (const service of ['inventory-service', 'analytics-service']) await lab.post(`/api/settings/${service}`, { defaults: true });
  });

  it('strange names in a path are answered 4xx', async (t) => {
    const patterns = [
      '/api/logs/:',
      '/api/topics/:/records',
      '/reports/:/:/report.html',
      '/assets/:',
      '/api/services/:/kill',
      '/api/scenarios/:/run',
    ];
    const paths = fc.tuple(fc.constantFrom(...patterns), strangeName).map(([pattern, name]) => pattern.replaceAll(':', name));
    const headers = { authorization: `Bearer ${lab.client.file.token}` };
    await property(t, paths, 500, async (path) => {
      const isChange = /services|scenarios/.test(path);
      const answer = isChange
        ? await call(addresses.lab, { path, body: Buffer.alloc(0), type: 'application/json' }, headers, anyAddress())
        : await get(addresses.lab + path);
      assert.ok(answer.status < 500, `${path}: ${answer.status} ${answer.text}`);
    });
  });

  it('records are decided or dead-lettered, none stalls the stream', async (t) => {
    const { ordersTopic, inventoryTopic } = lab.client.file.names;
    const good = uniqueByKey(sample(goodOrder, 4000));
    const bad = sample(badOrder, 4500);
    const huge = fc.sample(hugeRecords, { numRuns: 3, seed });
    const again = good.slice(0, 300);
    const decisions = sample(badDecision, 1500);
    await produceAll(ordersTopic, shuffled([...good, ...bad, ...again, ...huge.flatMap((one) => [one.good, one.bad])]));
    await produceAll(inventoryTopic, decisions);
    sent.good += good.length + huge.length;
    sent.duplicates += again.length;
    sent.badOrders += bad.length + huge.length;
    sent.badDecisions += decisions.length;
    tried += good.length + bad.length + again.length + 2 * huge.length + decisions.length;
    t.diagnostic(`${tried} inputs so far, FUZZ_SEED=${seed}`);
  });

  it('in the end the ledger balances, and every count is exact', async (t) => {
    const ledger = await drained();
    assert.deepEqual([ledger.balanced, ledger.first], [true, null]);
    assert.equal(ledger.records, sent.byHttp + sent.good + sent.duplicates + sent.badOrders);
    assert.deepEqual([ledger.unreadable, ledger.deadLettered], [sent.badOrders, sent.badOrders]);
    const { ordersTopic, inventoryTopic } = lab.client.file.names;
    assert.equal((await readAll(`${ordersTopic}.dlq`)).length, sent.badOrders);
    assert.equal((await readAll(`${inventoryTopic}.dlq`)).length, sent.badDecisions);
    await until(
      async () => {
        const metrics = await lab.get<Record<string, number>>('/metrics');
        const seen = [metrics.total_orders, metrics.duplicates_ignored, metrics.dead_letters, metrics.lag];
        return String(seen) === String([ledger.orders, ledger.duplicates, sent.badOrders + sent.badDecisions, 0]);
      },
      { what: 'analytics counts the same' },
    );
    const { processes } = await lab.client.state();
    assert.deepEqual(
      processes.filter(({ restarts, state }) => restarts > 0 || state !== 'healthy').map(({ name }) => name),
      [],
    );
    assert.equal(({} as { polluted?: number }).polluted, undefined);
    t.diagnostic(`${tried} inputs tried, FUZZ_SEED=${seed}`);
    assert.ok(tried >= 20_000 * scale);
  });
});

/** Sends calls and wants an answer below 500 to each; a problem is told as one. */
async function fuzz(
  t: TestContext,
  routes: readonly Route[],
  inputs: number,
  url: string,
  headers: Record<string, string> = {},
  onAnswer: (call: Call, answer: Answer) => void = () => {},
): Promise<void> {
  await property(t, callsTo(routes), inputs, async (one) => {
    const answer = await call(url, one, headers, Object.keys(headers).length > 0 ? anyAddress() : undefined);
    const what = `${one.path} ${one.type} ${one.body.subarray(0, 200).toString()}: ${answer.status} ${answer.text.slice(0, 300)}`;
    assert.ok(answer.status < 500, what);
    if (answer.status >= 400) assert.match(answer.type, /^application\/problem\+json/, what);
    onAnswer(one, answer);
  });
}

async function property<T>(t: TestContext, input: fc.Arbitrary<T>, inputs: number, check: (input: T) => Promise<void>): Promise<void> {
  const batch = fc.array(input, { minLength: atOnce, maxLength: atOnce });
  const numRuns = Math.ceil((inputs * scale) / atOnce);
  const holds = fc.asyncProperty(batch, async (list) => {
    tried += list.length;
    await Promise.all(list.map(check));
  });
  // A stall would be tried again and again to make it smaller. The error names the call; all calls of the batch would fill the screen.
  const { failed, errorInstance } = await fc.check(holds, { numRuns, seed, endOnFailure: true });
  if (failed) throw errorInstance;
  t.diagnostic(`${tried} inputs so far, FUZZ_SEED=${seed}`);
}

const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] => fc.sample(arbitrary, { numRuns: count * scale, seed });

/** Changes are limited per address; Linux answers on all of 127/8. */
let calls = 0;
function anyAddress(): string {
  calls += 1;
  return process.platform === 'linux' ? `127.0.1.${1 + (calls % 200)}` : '127.0.0.1';
}

const uniqueByKey = (records: readonly PlainRecord[]): PlainRecord[] => [...new Map(records.map((one) => [String(one.key), one])).values()];

/** By the hash of its place: the same for the same seed. */
const shuffled = <T>(list: readonly T[]): T[] =>
  list
    .map((one, index) => ({ one, order: Math.imul(index + 1, 0x9e3779b1) ^ seed }))
    .sort((a, b) => a.order - b.order)
    .map(({ one }) => one);

async function drained(): Promise<Ledger> {
  const { ordersTopic: orders, inventoryTopic: inventory, inventoryGroupId: group } = lab.client.file.names;
  const config = clientConfig(testSettings(), 'fuzz');
  using inspector = new KafkaInspector(config);
  let ledger: Ledger | undefined;
  await until(
    async () => {
      if ((await lab.get<{ lag: number }>('/metrics')).lag !== 0) return false;
      ledger = await readLedger({ inspector, config, topics: { orders, inventory }, group });
      return ledger.inFlight === 0;
    },
    { what: 'everything is decided', deadlineMs: 60_000 },
  );
  return ledger as Ledger;
}

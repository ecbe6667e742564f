/** Property-based: whatever comes in by HTTP or by Kafka, it is answered 4xx or dead-lettered, nothing breaks, and every count is right. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { clientConfig } from '../../src/kafka/client/client-config.ts';
import { KafkaInspector } from '../../src/kafka/groups/inspector.ts';
import { type Broker, startBroker } from '../../src/lab/broker/start.ts';
import { type Ledger, readLedger } from '../../src/order-lab/ledger/read-ledger.ts';
import { type RealLab, startRealLab } from '../order-lab/fixtures/real-lab.ts';
import { readAll } from '../support/kafka.ts';
import { codecs, type PlainRecord, produceAll } from '../support/produce.ts';
import { testSettings } from '../support/settings.ts';
import { until } from '../support/until.ts';
import { type Answer, type Call, call, callsTo, get, hangUp, type Route, strangeName } from './calls.ts';
import { badDecision, badOrder, claimedTopic, goodOrder, hugeRecords, tooLargeForLetters } from './records.ts';
import { fuzzScale as scale, fuzzSeed as seed } from './runs.ts';
import { assertShown, assertUntouched, type Shown } from './untouched.ts';

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
    // As roomy as a topic may be made: what is too large or too late for a dead-letter topic comes in.
    lab = await startRealLab({ 'max.message.bytes': '40000000', 'message.timestamp.after.max.ms': String(2n ** 63n - 1n) });
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
    const decisions = [...sample(badDecision, 1500), tooLargeForLetters('decision')];
    bad.push(tooLargeForLetters('order'));
    const orders = shuffled([...good, ...bad, ...again, ...huge.flatMap((one) => [one.good, one.bad])]);
    for (const [index, codec] of codecs.entries()) {
      const share = (records: PlainRecord[]) => records.filter((_, at) => at % codecs.length === index);
      await produceAll(ordersTopic, claiming(ordersTopic, share(orders)), codec);
      await produceAll(inventoryTopic, claiming(inventoryTopic, share(decisions)), codec);
    }
    sent.good += good.length + huge.length;
    sent.duplicates += again.length;
    sent.badOrders += bad.length + huge.length;
    sent.badDecisions += decisions.length;
    tried += good.length + bad.length + again.length + 2 * huge.length + decisions.length;
    t.diagnostic(`${tried} inputs so far, FUZZ_SEED=${seed}`);
  });

  it('every listing shows them, as they were written', async () => {
    const { ordersTopic, inventoryTopic } = lab.client.file.names;
    for (const topic of [ordersTopic, inventoryTopic, `${ordersTopic}.dlq`, `${inventoryTopic}.dlq`]) {
      const { records } = await listed<{ records: Shown[] }>(`/api/topics/${topic}/records?limit=500`);
      assertShown(await readAll(topic), records);
    }
    for (const topic of [ordersTopic, inventoryTopic]) {
      const { letters } = await listed<{ letters: { record: Shown }[] }>(`/api/dead-letters?topic=${topic}&limit=500`);
      assertShown(
        await readAll(`${topic}.dlq`),
        letters.map(({ record }) => record),
      );
    }
  });

  it('however many minutes the orders lie in, what shows them is of a bounded size', async () => {
    const most = 1440;
    await until(async () => (await lab.get<{ lag: number }>('/metrics')).lag === 0, { what: 'all is in the figures' });
    const { text } = await get(`${addresses.lab}/metrics`);
    const { orders_per_minute, older_minutes, total_orders } = JSON.parse(text);
    const newest: number[] = Object.values(orders_per_minute);
    assert.ok(newest.length === most && older_minutes.minutes > 0, `${newest.length} minutes one by one, ${older_minutes.minutes} others`);
    assert.equal(
      newest.reduce((sum, orders) => sum + orders, older_minutes.orders),
      total_orders,
    );
    for (const path of ['/metrics', '/api/snapshot']) {
      const { text } = await get(addresses.lab + path);
      // Under two names.
      const told = text.match(/"\d{4}-\d\d-\d\dT\d\d:\d\d:00Z":/g)?.length ?? 0;
      assert.ok(told <= 2 * most, `${path} tells ${told} minutes in ${text.length} characters`);
    }
  });

  it('in the end the ledger balances, and every count is exact', async (t) => {
    const ledger = await drained();
    assert.deepEqual([ledger.balanced, ledger.first], [true, null]);
    assert.equal(ledger.records, sent.byHttp + sent.good + sent.duplicates + sent.badOrders);
    assert.deepEqual([ledger.unreadable, ledger.deadLettered], [sent.badOrders, sent.badOrders]);
    const { ordersTopic, inventoryTopic } = lab.client.file.names;
    for (const [topic, count] of [
      [ordersTopic, sent.badOrders],
      [inventoryTopic, sent.badDecisions],
    ] as const) {
      const letters = await readAll(`${topic}.dlq`);
      assert.equal(letters.length, count);
      assertUntouched(await readAll(topic), letters);
    }
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

async function listed<T>(path: string): Promise<T> {
  const { status, text } = await get(addresses.lab + path);
  assert.equal(status, 200, `${path}: ${text.slice(0, 300)}`);
  return JSON.parse(text);
}

const claiming = (topic: string, records: readonly PlainRecord[]): PlainRecord[] =>
  records.map((record) => {
    const headers = record.headers && Object.entries(record.headers).map(([name, value]) => [name, value === claimedTopic ? topic : value]);
    return headers ? { ...record, headers: Object.fromEntries(headers) } : record;
  });

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
    { what: 'everything is decided' },
  );
  return ledger as Ledger;
}

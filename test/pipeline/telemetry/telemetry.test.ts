import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { runKafkaTool } from '../../../src/lab/broker/tools.ts';
import { brokers, headersOf, readAll } from '../../support/kafka.ts';
import { type OtlpReceiver, otlpReceiver, type ReceivedSpan } from '../../support/otlp-receiver.ts';
import { newPipeline, type Pipeline, ServiceProcess } from '../../support/service-process.ts';
import { until } from '../../support/until.ts';

const kinds = { server: 2, client: 3, producer: 4, consumer: 5 };
const order = (orderId: string) => ({ orderId, items: [{ sku: 'tea', qty: 1, price: 2 }] });
/** What an order goes through is told soon. */
const soon = { OTEL_BSP_SCHEDULE_DELAY: '50', OTEL_METRIC_EXPORT_INTERVAL: '300' };
const tellModules = `--import ${pathToFileURL(join(import.meta.dirname, 'fixtures/tell-modules.mjs'))}`;

async function healthyOrders(pipeline: Pipeline): Promise<ServiceProcess> {
  const orders = await ServiceProcess.start('orders', pipeline);
  await until(async () => (await orders.get('/health')).status === 'ok', { what: 'order-service is healthy' });
  return orders;
}

/** @returns whether the span's process read what that one sent */
const isLinked = (span: ReceivedSpan, to: ReceivedSpan): boolean =>
  span.links.some(({ traceId, spanId }) => traceId === to.traceId && spanId === to.spanId);

let collector: OtlpReceiver;
let pipeline: Pipeline;
let services: ServiceProcess[];
/** As Kafka itself tells it. */
let clusterId: string;
before(async () => {
  collector = await otlpReceiver();
  const { stdout = '' } = await runKafkaTool('cluster', ['cluster-id'], { brokers: brokers() });
  clusterId = /^Cluster ID: (.+)$/m.exec(stdout)?.[1] ?? '';
  assert.notEqual(clusterId, '');
  pipeline = await newPipeline({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    ...soon,
  });
  const others = ['inventory', 'analytics'] as const;
  services = await Promise.all([healthyOrders(pipeline), ...others.map((folder) => ServiceProcess.start(folder, pipeline))]);
});
after(async () => {
  for (const service of services) await service[Symbol.asyncDispose]();
  pipeline[Symbol.dispose]();
  await collector[Symbol.asyncDispose]();
});

const spanOf = (service: string, name: string, fits: (span: ReceivedSpan) => boolean = () => true): Promise<ReceivedSpan> =>
  until(() => collector.spans.find((span) => span.service === service && span.name === name && fits(span)), {
    what: `${service} tells ${name}; told: ${[...new Set(collector.spans.map((span) => `${span.service} ${span.name}`))].join(', ')}`,
  });

test('an order is one story, from the caller to the view: spans by parents in a service, by links across a topic', async () => {
  const [orders] = services as [ServiceProcess];
  const { ordersTopic, inventoryTopic, inventoryGroup, analyticsGroup } = pipeline;
  const [callersTrace, callersSpan] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
  const answer = await fetch(`http://127.0.0.1:${orders.port}/produce`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: `00-${callersTrace}-${callersSpan}-01` },
    body: JSON.stringify(order('order-1')),
  });
  assert.equal(answer.status, 200);
  const placed = (await answer.json()) as { partition: number; offset: number };

  const server = await spanOf('order-service', 'POST /produce');
  assert.deepEqual([server.kind, server.traceId, server.parentSpanId], [kinds.server, callersTrace, callersSpan]);
  assert.equal(server.attributes['http.response.status_code'], 200);
  const sent = await spanOf('order-service', `send ${ordersTopic}`);
  assert.deepEqual([sent.kind, sent.traceId, sent.parentSpanId], [kinds.producer, callersTrace, server.spanId]);
  assert.deepEqual(sent.attributes, {
    'messaging.system': 'kafka',
    'messaging.operation.name': 'send',
    'messaging.operation.type': 'send',
    'messaging.destination.name': ordersTopic,
    'messaging.kafka.cluster.id': clusterId,
    'messaging.client.id': 'order-service-1',
    'messaging.kafka.message.key': 'order-1',
    'messaging.destination.partition.id': String(placed.partition),
    'messaging.kafka.offset': placed.offset,
  });

  const decided = await spanOf('inventory-service', `process ${ordersTopic}`, (span) => isLinked(span, sent));
  assert.equal(decided.kind, kinds.consumer);
  assert.deepEqual(
    ['messaging.consumer.group.name', 'messaging.batch.message_count', 'messaging.operation.type'].map((name) => decided.attributes[name]),
    [inventoryGroup, 1, 'process'],
  );
  const within = (parent: ReceivedSpan) => (span: ReceivedSpan) => span.parentSpanId === parent.spanId && span.traceId === parent.traceId;
  const poll = await spanOf('inventory-service', `poll ${ordersTopic}`, (span) => span.spanId === decided.parentSpanId);
  const commit = await spanOf('inventory-service', `commit ${ordersTopic}`, within(decided));
  assert.deepEqual(
    [poll.kind, poll.attributes['messaging.operation.type'], commit.kind, commit.attributes['messaging.operation.type']],
    [kinds.client, 'receive', kinds.client, 'settle'],
  );
  const decision = await spanOf('inventory-service', `send ${inventoryTopic}`, within(decided));
  assert.equal(decision.kind, kinds.producer);

  const shown = await spanOf('analytics-service', `process ${inventoryTopic}`, (span) => isLinked(span, decision));
  assert.deepEqual([shown.kind, shown.attributes['messaging.consumer.group.name']], [kinds.consumer, analyticsGroup]);
  await spanOf('analytics-service', `process ${ordersTopic}`, (span) => isLinked(span, sent));
  await spanOf('analytics-service', `commit ${inventoryTopic}`, within(shown));
  assert.deepEqual(
    collector.spans.filter(({ name }) => /health|metrics/.test(name)),
    [],
  );

  const [[inOrders], [inDecisions]] = await Promise.all([readAll(ordersTopic), readAll(inventoryTopic)]);
  assert.ok(inOrders && inDecisions);
  assert.equal(headersOf(inOrders).traceparent, `00-${sent.traceId}-${sent.spanId}-01`);
  assert.equal(headersOf(inDecisions).traceparent, `00-${decision.traceId}-${decision.spanId}-01`);
});

test('a load test is a send for each piece, whose context all of its orders carry', async () => {
  const [orders] = services as [ServiceProcess];
  const { ordersTopic } = pipeline;
  assert.equal((await orders.post('/load-test', { count: 700 })).status, 200);
  const pieces = await until(
    () => {
      const found = collector.spans.filter(
        ({ name, attributes }) => name === `send ${ordersTopic}` && attributes['messaging.batch.message_count'],
      );
      return found.length === 2 && found;
    },
    { what: 'both pieces are told' },
  );
  assert.deepEqual(pieces.map(({ attributes }) => attributes['messaging.batch.message_count']).sort(), [200, 500]);
  const carried = new Set((await readAll(ordersTopic)).map((record) => headersOf(record).traceparent));
  for (const { traceId, spanId } of pieces) assert.ok(carried.has(`00-${traceId}-${spanId}-01`));
});

test('the metrics have the names, the units and the attributes of the conventions', async () => {
  const newest = (service: string, name: string) => collector.metrics.findLast((one) => one.service === service && one.name === name);
  const { ordersTopic, inventoryTopic, inventoryGroup } = pipeline;
  const about = (name: string, type: string, topic: string) => ({
    'messaging.system': 'kafka',
    'messaging.operation.name': name,
    'messaging.operation.type': type,
    'messaging.destination.name': topic,
    'messaging.kafka.cluster.id': clusterId,
  });
  const group = { 'messaging.consumer.group.name': inventoryGroup };
  const cases = [
    ['order-service', 'messaging.client.sent.messages', '{message}', about('send', 'send', ordersTopic), 701],
    ['inventory-service', 'messaging.client.consumed.messages', '{message}', { ...about('poll', 'receive', ordersTopic), ...group }, 701],
    ['inventory-service', 'messaging.client.sent.messages', '{message}', about('send', 'send', inventoryTopic), 701],
    ['inventory-service', 'messaging.process.duration', 's', { ...about('process', 'process', ordersTopic), ...group }, undefined],
    ['inventory-service', 'messaging.client.operation.duration', 's', { ...about('commit', 'settle', ordersTopic), ...group }, undefined],
  ] as const;
  for (const [service, name, unit, attributes, count] of cases) {
    const points = () => newest(service, name)?.points ?? [];
    const fits = (one: { attributes: Record<string, unknown> }) =>
      JSON.stringify(Object.entries(one.attributes).sort()) === JSON.stringify(Object.entries(attributes).sort());
    const point = await until(() => points().find((one) => fits(one) && (count === undefined ? one.count > 0 : one.count === count)), {
      what: `${service} tells ${name}: ${JSON.stringify(points())}`,
    });
    assert.ok(point);
    assert.equal(newest(service, name)?.unit, unit);
  }
});

test('without a variable nothing of the SDK is loaded, with one it is, in protobuf by default', async () => {
  await using other = await otlpReceiver();
  const check = async (env: Record<string, string>, isOn: boolean): Promise<void> => {
    using one = await newPipeline({ ...env, ...soon, NODE_OPTIONS: tellModules });
    await using orders = await healthyOrders(one);
    assert.equal((await orders.post('/produce', order('order-1'))).status, 200);
    await orders.kill('SIGTERM');
    const loaded = [...new Set(orders.output.match(/(?<=^loaded @opentelemetry\/)[a-z-]+/gm))].filter((name) => name !== 'api');
    assert.equal(loaded.includes('sdk-trace'), isOn, orders.output);
    if (!isOn) assert.deepEqual(loaded, []);
    const [record] = await readAll(one.ordersTopic);
    assert.ok(record);
    assert.equal('traceparent' in headersOf(record), isOn);
  };
  await Promise.all([check({}, false), check({ OTEL_EXPORTER_OTLP_ENDPOINT: other.url }, true)]);
  const paths = new Set(other.calls.map(({ path, contentType }) => `${path} ${contentType}`));
  assert.deepEqual(paths, new Set(['/v1/traces application/x-protobuf', '/v1/metrics application/x-protobuf']));
});

test('a collector that is dead or hangs holds nothing up, and a service ends with 0 all the same', async () => {
  await using hanging = await otlpReceiver('hangs');
  const check = async (url: string, isNoticed: (orders: ServiceProcess) => boolean): Promise<void> => {
    using one = await newPipeline({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_MAX_QUEUE_SIZE: '10', ...soon });
    await using orders = await healthyOrders(one);
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => orders.post('/produce', order(`order-${i}`))));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    await until(() => isNoticed(orders), { what: 'the collector was called' });
    assert.deepEqual(await orders.kill('SIGTERM'), { code: 0, signal: null }, orders.output);
    assert.equal((await readAll(one.ordersTopic)).length, 200);
  };
  // Nobody listens on port 9 (discard).
  const isTold = ({ output }: ServiceProcess): boolean => output.includes('telemetry is not taken');
  await Promise.all([check('http://127.0.0.1:9', isTold), check(hanging.url, () => hanging.calls.length > 0)]);
});

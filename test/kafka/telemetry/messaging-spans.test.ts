import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNoopMeter, ProxyTracerProvider, SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { BatchWriter } from '../../../src/kafka/bridge/batch-writer.ts';
import { ReplaygroundError } from '../../../src/kafka/errors.ts';
import { messagingTelemetry } from '../../../src/kafka/telemetry/messaging-spans.ts';
import { received } from '../../support/bridge.ts';

/** @returns telemetry, and what it told so far by name: error type and status */
function told() {
  const exporter = new InMemorySpanExporter();
  const tracer = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }).getTracer('test');
  const telemetry = messagingTelemetry(tracer, createNoopMeter(), 'client');
  const spans = () =>
    Object.fromEntries(exporter.getFinishedSpans().map(({ name, attributes, status }) => [name, [attributes['error.type'], status.code]]));
  return { telemetry, spans };
}

function batchOf(...topics: number[]) {
  const batch = new BatchWriter();
  for (const topic of topics) batch.write({ topic, partition: 0, key: 'k', value: 'v' });
  return received(batch, ['orders', 'decisions']);
}

const about = { groupId: 'group', polledAt: Date.now() };
const [fine, failed] = [
  [undefined, SpanStatusCode.UNSET],
  ['refused', SpanStatusCode.ERROR],
];

test('a delivery that fails fails its send, its commit and its batch, and is thrown on', async () => {
  const { telemetry, spans } = told();
  const processing = telemetry.received(batchOf(0), { ...about, output: 'decisions' });
  const error = new ReplaygroundError('refused', 'the broker refuses it');
  await assert.rejects(
    processing.deliver(1, async () => {
      throw error;
    }),
    error,
  );
  assert.deepEqual(spans(), { 'poll orders': fine, 'send decisions': failed, 'commit orders': failed, 'process orders': failed });
});

test('a batch of two topics is told for each, and a commit that fails fails no more than itself', async () => {
  const { telemetry, spans } = told();
  const processing = telemetry.received(batchOf(0, 1, 0), about);
  assert.equal(processing.traceparent, undefined, 'nothing is written for it');
  await processing.commit(() => Promise.reject(new ReplaygroundError('refused', ''))).catch(() => {});
  processing.done();
  assert.deepEqual(spans(), {
    ...{ 'poll orders': fine, 'poll decisions': fine },
    ...{ 'commit orders': failed, 'commit decisions': failed, 'process orders': fine, 'process decisions': fine },
  });
});

test('without traces a send goes on with the context that it was given, and with none where there is none', () => {
  const telemetry = messagingTelemetry(new ProxyTracerProvider().getTracer('test'), createNoopMeter(), 'client');
  const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  assert.equal(telemetry.send('orders', { parent }).traceparent, parent);
  assert.equal(telemetry.send('orders').traceparent, undefined);
});

test('spans name the cluster from when its id is known', () => {
  const exporter = new InMemorySpanExporter();
  const tracer = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }).getTracer('test');
  let clusterId: string | undefined;
  const telemetry = messagingTelemetry(tracer, createNoopMeter(), 'client', () => clusterId);
  telemetry.send('orders').done(1);
  clusterId = 'abc';
  telemetry.send('orders').done(1);
  assert.deepEqual(
    exporter.getFinishedSpans().map(({ attributes }) => attributes['messaging.kafka.cluster.id']),
    [undefined, 'abc'],
  );
});

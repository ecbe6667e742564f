import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOtelSettings } from '../../../src/pipeline/telemetry/otel-settings.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
/** The signals that are on. */
const on = (env: NodeJS.ProcessEnv): string[] => Object.keys(readOtelSettings(env) ?? {});

test('telemetry is on where an endpoint or an exporter is named, signal by signal', () => {
  assert.deepEqual(on({}), []);
  assert.deepEqual(on({ OTEL_SERVICE_NAME: 'orders', OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }), []);
  assert.deepEqual(on(endpoint), ['traces', 'metrics']);
  assert.deepEqual(on({ ...endpoint, OTEL_SDK_DISABLED: 'true' }), []);
  assert.deepEqual(on({ ...endpoint, OTEL_METRICS_EXPORTER: 'none' }), ['traces']);
  assert.deepEqual(on({ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://collector:4318/v1/metrics' }), ['metrics']);
  assert.deepEqual(on({ OTEL_TRACES_EXPORTER: 'otlp' }), ['traces']);
});

test('a signal has its own protocol, or that of both, and defaults as the specification says', () => {
  const { traces, metrics } = readOtelSettings({
    ...endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/protobuf',
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
  }) as Required<NonNullable<ReturnType<typeof readOtelSettings>>>;
  assert.deepEqual([traces.protocol, metrics.protocol], ['http/json', 'http/protobuf']);
  assert.deepEqual([traces.sampler, traces.ratio, traces.scheduleDelayMs], ['parentbased_always_on', 1, 5000]);
  assert.deepEqual([metrics.intervalMs, metrics.timeoutMs], [1000, 30_000]);
});

test('what is not known is refused with the variable, the value and what is allowed', () => {
  const refused = (env: NodeJS.ProcessEnv, message: RegExp) =>
    assert.throws(() => readOtelSettings({ ...endpoint, ...env }), { code: 'bad-setting', message });
  refused(
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    /^OTEL_EXPORTER_OTLP_PROTOCOL="grpc" is not allowed: one of http\/protobuf, http\/json$/,
  );
  refused({ OTEL_TRACES_SAMPLER_ARG: '2' }, /^OTEL_TRACES_SAMPLER_ARG="2" is not allowed: a number from 0 to 1$/);
  refused({ OTEL_TRACES_EXPORTER: 'zipkin' }, /^OTEL_TRACES_EXPORTER="zipkin" is not allowed: one of otlp, none$/);
});

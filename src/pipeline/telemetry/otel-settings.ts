/**
 * What the standard `OTEL_*` variables switch on (OpenTelemetry, "Environment Variable Specification"). Those not read here are read by the
 * exporters (`OTEL_EXPORTER_OTLP_ENDPOINT`, `_HEADERS`, `_TIMEOUT`, `_COMPRESSION`, certificates, each also per signal) and by the resource
 * (`OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`). Pure.
 */
import { ReplaygroundError } from '../../kafka/errors.ts';

const protocols = ['http/protobuf', 'http/json'] as const;
export type Protocol = (typeof protocols)[number];

const samplers = [
  ...['always_on', 'always_off', 'traceidratio'],
  ...['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'],
] as const;

export type TraceSettings = {
  protocol: Protocol;
  /** One of OTEL_TRACES_SAMPLER's names, and the share of traces that the `traceidratio` ones keep. */
  sampler: string;
  ratio: number;
  /** Milliseconds. */
  scheduleDelayMs: number;
  exportTimeoutMs: number;
  maxQueueSize: number;
  maxExportBatchSize: number;
  linkCountLimit: number;
};

export type MetricSettings = { protocol: Protocol; intervalMs: number; timeoutMs: number };

/** A signal that is left out is off. */
export type OtelSettings = { traces?: TraceSettings; metrics?: MetricSettings };

/**
 * A signal is on where an endpoint is named for it or its exporter is `otlp`, unless its exporter is `none` or `OTEL_SDK_DISABLED` is `true`.
 * @param env variables by name; an empty one counts as unset
 * @returns undefined where nothing is on
 * @throws ReplaygroundError `bad-setting`: names the variable, the value and what is allowed
 */
export function readOtelSettings(env: NodeJS.ProcessEnv = process.env): OtelSettings | undefined {
  const text = (name: string): string | undefined => env[name]?.trim() || undefined;
  if (text('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return undefined;
  const oneOf = <T extends string>(names: readonly string[], allowed: readonly T[], fallback: T): T => {
    const name = names.find((one) => text(one) !== undefined);
    const value = name === undefined ? fallback : text(name);
    if (allowed.includes(value as T)) return value as T;
    throw new ReplaygroundError('bad-setting', `${name}=${JSON.stringify(value)} is not allowed: one of ${allowed.join(', ')}`);
  };
  const number = (name: string, fallback: number, { least = 1, most = 2 ** 31 - 1 } = {}): number => {
    const value = Number(text(name) ?? fallback);
    if (value >= least && value <= most) return value;
    throw new ReplaygroundError('bad-setting', `${name}=${JSON.stringify(text(name))} is not allowed: a number from ${least} to ${most}`);
  };
  const isOn = (signal: 'TRACES' | 'METRICS'): boolean => {
    const named = ['OTEL_EXPORTER_OTLP_ENDPOINT', `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`].some((name) => text(name) !== undefined);
    return oneOf([`OTEL_${signal}_EXPORTER`], ['otlp', 'none'], named ? 'otlp' : 'none') === 'otlp';
  };
  const protocolOf = (signal: 'TRACES' | 'METRICS'): Protocol =>
    oneOf([`OTEL_EXPORTER_OTLP_${signal}_PROTOCOL`, 'OTEL_EXPORTER_OTLP_PROTOCOL'], protocols, 'http/protobuf');

  const traces = isOn('TRACES') && {
    protocol: protocolOf('TRACES'),
    sampler: oneOf(['OTEL_TRACES_SAMPLER'], samplers, 'parentbased_always_on'),
    ratio: number('OTEL_TRACES_SAMPLER_ARG', 1, { least: 0, most: 1 }),
    scheduleDelayMs: number('OTEL_BSP_SCHEDULE_DELAY', 5000, { least: 0 }),
    exportTimeoutMs: number('OTEL_BSP_EXPORT_TIMEOUT', 30_000),
    maxQueueSize: number('OTEL_BSP_MAX_QUEUE_SIZE', 2048),
    maxExportBatchSize: number('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512),
    linkCountLimit: number('OTEL_SPAN_LINK_COUNT_LIMIT', 128),
  };
  const metrics = isOn('METRICS') && {
    protocol: protocolOf('METRICS'),
    intervalMs: number('OTEL_METRIC_EXPORT_INTERVAL', 60_000),
    timeoutMs: number('OTEL_METRIC_EXPORT_TIMEOUT', 30_000),
  };
  if (!traces && !metrics) return undefined;
  return { ...(traces && { traces }), ...(metrics && { metrics }) };
}

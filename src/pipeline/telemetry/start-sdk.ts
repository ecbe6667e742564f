/** OpenTelemetry's SDK, set up by what the environment says. Nothing is registered globally: whoever tells something is given what to tell it to. */
import { setTimeout as delay } from 'node:timers/promises';
import { createNoopMeter, DiagLogLevel, diag, type Meter, ProxyTracerProvider, type Tracer } from '@opentelemetry/api';
import { defaultResource, detectResources, envDetector, type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader, type PushMetricExporter } from '@opentelemetry/sdk-metrics';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import { messagingTelemetry } from '../../kafka/telemetry/messaging-spans.ts';
import { version } from '../settings/version.ts';
import { httpTelemetry } from './http-spans.ts';
import type { MetricSettings, OtelSettings, Protocol, TraceSettings } from './otel-settings.ts';
import type { Telemetry } from './telemetry.ts';

/** Name of the instrumentation scope. */
const scope = 'replayground';
/** A service that ends waits for its collector no longer (ms). */
const endDeadlineMs = 1000;
const complainEveryMs = 60_000;

/** @returns telemetry that is exported over OTLP/HTTP */
export async function startSdk(service: { name: string; instance: string }, settings: OtelSettings, logger: Logger): Promise<Telemetry> {
  diag.setLogger(complaints(logger), DiagLogLevel.WARN);
  const resource = resourceOf(service);
  const tracers = settings.traces && (await tracerProvider(settings.traces, resource));
  const meters = settings.metrics && (await meterProvider(settings.metrics, resource));
  const tracer: Tracer = (tracers ?? new ProxyTracerProvider()).getTracer(scope, version);
  const meter: Meter = meters?.getMeter(scope, version) ?? createNoopMeter();
  return {
    messaging: (clientId, clusterId) => messagingTelemetry(tracer, meter, clientId, clusterId),
    http: httpTelemetry(tracer, meter),
    end: async () => {
      const sent = Promise.allSettled([tracers?.shutdown(), meters?.shutdown()]);
      await Promise.race([sent, delay(endDeadlineMs, undefined, { ref: false })]);
    },
  };
}

/** What the environment says of the resource comes before what the service knows. */
function resourceOf({ name, instance }: { name: string; instance: string }): Resource {
  const own = resourceFromAttributes({ 'service.name': name, 'service.version': version, 'service.instance.id': `${name}.${instance}` });
  return defaultResource()
    .merge(own)
    .merge(detectResources({ detectors: [envDetector] }));
}

async function tracerProvider(settings: TraceSettings, resource: Resource): Promise<TracerProvider> {
  const { scheduleDelayMs, exportTimeoutMs, maxQueueSize, maxExportBatchSize, linkCountLimit } = settings;
  const processor = new BatchSpanProcessor({
    exporter: await spanExporter(settings.protocol),
    scheduledDelayMillis: scheduleDelayMs,
    exportTimeoutMillis: exportTimeoutMs,
    maxQueueSize,
    maxExportBatchSize: Math.min(maxExportBatchSize, maxQueueSize),
  });
  return new TracerProvider({ resource, sampler: samplerOf(settings), spanLimits: { linkCountLimit }, spanProcessors: [processor] });
}

async function meterProvider({ protocol, intervalMs, timeoutMs }: MetricSettings, resource: Resource): Promise<MeterProvider> {
  const reader = new PeriodicExportingMetricReader({
    exporter: await metricExporter(protocol),
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: Math.min(timeoutMs, intervalMs),
  });
  return new MeterProvider({ resource, readers: [reader] });
}

async function spanExporter(protocol: Protocol): Promise<SpanExporter> {
  if (protocol === 'http/json') return new (await import('@opentelemetry/exporter-trace-otlp-http')).OTLPTraceExporter();
  return new (await import('@opentelemetry/exporter-trace-otlp-proto')).OTLPTraceExporter();
}

async function metricExporter(protocol: Protocol): Promise<PushMetricExporter> {
  if (protocol === 'http/json') return new (await import('@opentelemetry/exporter-metrics-otlp-http')).OTLPMetricExporter();
  return new (await import('@opentelemetry/exporter-metrics-otlp-proto')).OTLPMetricExporter();
}

function samplerOf({ sampler, ratio }: TraceSettings): Sampler {
  const root = sampler.endsWith('always_off')
    ? new AlwaysOffSampler()
    : sampler.endsWith('traceidratio')
      ? new TraceIdRatioBasedSampler(ratio)
      : new AlwaysOnSampler();
  return sampler.startsWith('parentbased') ? new ParentBasedSampler({ root }) : root;
}

/** The SDK says of each export that failed that it did. */
function complaints(logger: Logger) {
  let last = 0;
  const tell = (message: string): void => {
    if (Date.now() - last < complainEveryMs) return;
    last = Date.now();
    logger.warn(
      { why: message.slice(0, 200) },
      'telemetry is not taken: the collector that OTEL_EXPORTER_OTLP_ENDPOINT names does not answer as one',
    );
  };
  return { error: tell, warn: tell, info: () => {}, debug: () => {}, verbose: () => {} };
}

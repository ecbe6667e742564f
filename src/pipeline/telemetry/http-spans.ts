/** The span and the metric of an HTTP server, by OpenTelemetry's conventions (semconv 1.44, stable). */
import { type Meter, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import { contextOf, traceparentOf } from '../../kafka/telemetry/trace-context.ts';
import type { HttpTelemetry } from './telemetry.ts';

/** Boundaries of the histogram, as the conventions advise (s). */
const boundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** @returns what an HTTP app tells its requests to */
export function httpTelemetry(tracer: Tracer, meter: Meter): HttpTelemetry {
  const seconds = meter.createHistogram('http.server.request.duration', { unit: 's', advice: { explicitBucketBoundaries: boundaries } });
  return {
    begin: ({ method, path, traceparent }) => {
      const at = Date.now();
      const common = { 'http.request.method': method, 'url.scheme': 'http' };
      const attributes = { ...common, 'url.path': path };
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes, startTime: at }, contextOf(traceparent));
      return {
        traceparent: traceparentOf(span),
        done: (route, status) => {
          const answered = { 'http.response.status_code': status, ...(route !== undefined && { 'http.route': route }) };
          const failure = status >= 500 ? { 'error.type': String(status) } : {};
          if (route !== undefined) span.updateName(`${method} ${route}`);
          span.setAttributes({ ...answered, ...failure });
          if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
          seconds.record((Date.now() - at) / 1000, { ...common, ...answered, ...failure });
          span.end();
        },
      };
    },
  };
}

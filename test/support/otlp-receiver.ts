/** A collector that keeps what it is sent: OTLP/HTTP in JSON (OTLP 1.0, "JSON Protobuf Encoding"); of protobuf only that it came. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

type Value = { stringValue?: string; intValue?: number | string; doubleValue?: number; boolValue?: boolean };
type Attributes = { key: string; value: Value }[];

export type ReceivedSpan = {
  service: string;
  name: string;
  /** SpanKind of the protocol: 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  links: { traceId: string; spanId: string }[];
  attributes: Record<string, unknown>;
  /** StatusCode of the protocol: 2 error. */
  status: number | undefined;
};

export type ReceivedMetric = {
  service: string;
  name: string;
  unit: string;
  points: { attributes: Record<string, unknown>; count: number }[];
};

export type OtlpReceiver = AsyncDisposable & {
  url: string;
  spans: ReceivedSpan[];
  metrics: ReceivedMetric[];
  /** Path and content type of each call. */
  calls: { path: string; contentType: string }[];
};

/**
 * @param behaviour `hangs`: takes each call and never answers
 * @returns the collector, on a free port
 */
export async function otlpReceiver(behaviour: 'answers' | 'hangs' = 'answers'): Promise<OtlpReceiver> {
  const found: Omit<OtlpReceiver, 'url' | typeof Symbol.asyncDispose> = { spans: [], metrics: [], calls: [] };
  const server = createServer(async (request, response) => {
    const contentType = request.headers['content-type'] ?? '';
    found.calls.push({ path: request.url ?? '', contentType });
    if (behaviour === 'hangs') return request.resume();
    if (contentType === 'application/json') take(await bodyOf(request), found);
    else request.resume();
    response.setHeader('content-type', contentType).end(contentType === 'application/json' ? '{}' : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...found,
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: what a stranger sends
async function bodyOf(request: IncomingMessage): Promise<any> {
  if (request.headers['content-encoding'] !== 'gzip') return json(request);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(gunzipSync(Buffer.concat(chunks)).toString());
}

// biome-ignore lint/suspicious/noExplicitAny: what a stranger sends
function take(body: any, { spans, metrics }: Pick<OtlpReceiver, 'spans' | 'metrics'>): void {
  for (const { resource, scopeSpans } of body.resourceSpans ?? []) {
    const service = String(valuesOf(resource.attributes)['service.name']);
    for (const { spans: sent } of scopeSpans) {
      for (const { name, kind, traceId, spanId, parentSpanId, links = [], attributes, status } of sent) {
        spans.push({
          ...{ service, name, kind, traceId, spanId, links, status: status?.code },
          parentSpanId: parentSpanId || undefined,
          attributes: valuesOf(attributes),
        });
      }
    }
  }
  for (const { resource, scopeMetrics } of body.resourceMetrics ?? []) {
    const service = String(valuesOf(resource.attributes)['service.name']);
    for (const { metrics: sent } of scopeMetrics) {
      for (const { name, unit, sum, histogram } of sent) {
        // biome-ignore lint/suspicious/noExplicitAny: what a stranger sends
        const points = (sum ?? histogram).dataPoints.map((point: any) => ({
          attributes: valuesOf(point.attributes),
          count: Number(point.count ?? point.asInt ?? point.asDouble),
        }));
        metrics.push({ service, name, unit, points });
      }
    }
  }
}

const valuesOf = (attributes: Attributes = []): Record<string, unknown> =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.boolValue ?? Number(value.intValue ?? value.doubleValue)]),
  );

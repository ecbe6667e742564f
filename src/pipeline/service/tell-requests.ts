/** Tells telemetry of the requests of an HTTP app. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Answering, HttpTelemetry } from '../telemetry/telemetry.ts';

/** Asked every second or so by a lab, a probe, Prometheus: they would bury the rest. */
const untold = new Set(['/health', '/metrics']);

/**
 * Call before other hooks are added. A route sees as `traceparent` header the context of its own answer, to go on with, instead of the caller's.
 */
export function tellRequests(app: FastifyInstance, telemetry: HttpTelemetry): void {
  const underWay = new WeakMap<FastifyRequest, Answering>();
  app.addHook('onRequest', async (request) => {
    const [path = '/'] = request.url.split('?', 1);
    if (untold.has(path)) return;
    const { traceparent } = request.headers;
    const answering = telemetry.begin({
      method: request.method,
      path,
      traceparent: typeof traceparent === 'string' ? traceparent : undefined,
    });
    underWay.set(request, answering);
    if (answering.traceparent !== undefined) request.headers.traceparent = answering.traceparent;
  });
  app.addHook('onResponse', async (request, reply) => {
    underWay.get(request)?.done(request.routeOptions.url, reply.statusCode);
  });
}

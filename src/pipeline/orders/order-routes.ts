/** The HTTP API of order-service: schema first, each route a few lines around what does the work. */

import type { Registry } from 'prom-client';
import Type from 'typebox';
import type { HttpApp } from '../service/http-app.ts';
import { emptyBodyIsEmptyObject } from '../service/optional-body.ts';
import { problemResponses } from '../service/problem-schema.ts';
import { exposition } from '../service/prometheus.ts';
import { LoadTestRequest, LoadTestResult, type loadTester } from './load-test.ts';
import { OrderRequest } from './order-request.ts';
import type { PlacedOrder } from './place-order.ts';

const PlacedOrderBody = Type.Object({
  status: Type.Literal('published'),
  eventId: Type.String(),
  orderId: Type.String(),
  topic: Type.String(),
  partition: Type.Integer(),
  offset: Type.Integer(),
});

const metricsText = { description: 'text exposition format', content: { 'text/plain': { schema: Type.String() } } };

export type ApiDependencies = {
  place: (request: OrderRequest, traceparent: string | undefined) => Promise<PlacedOrder>;
  loadTest: ReturnType<typeof loadTester>;
  /** Aborts when the service stops. */
  stopping: AbortSignal;
  registry: Registry;
};

/** Adds the routes of order-service. */
export function addOrderRoutes(app: HttpApp, { place, loadTest, stopping, registry }: ApiDependencies): void {
  const placeSchema = {
    summary: 'Place one order',
    description: 'Answers when Kafka has the order (acks=all). An id that was sent before is decided once.',
    body: OrderRequest,
    response: { 200: PlacedOrderBody, ...problemResponses(400, 413, 415, 422, 429, 503) },
  };
  app.post('/produce', { schema: placeSchema }, async (request) => {
    const { traceparent } = request.headers;
    return place(request.body, typeof traceparent === 'string' ? traceparent : undefined);
  });

  const loadTestSchema = {
    summary: 'Send many generated orders',
    description: 'Answers when Kafka has all of them. One at a time. Ends early when the caller hangs up.',
    body: LoadTestRequest,
    response: { 200: LoadTestResult, ...problemResponses(400, 409, 415, 422, 503) },
  };
  app.post('/load-test', { schema: loadTestSchema, preValidation: emptyBodyIsEmptyObject }, async (request, reply) => {
    const hangup = new AbortController();
    reply.raw.once('close', () => hangup.abort());
    return loadTest(request.body, AbortSignal.any([hangup.signal, stopping]));
  });

  app.get('/metrics', { schema: { summary: 'Prometheus metrics', response: { 200: metricsText } } }, async (_request, reply) => {
    const { contentType, body } = await exposition(registry);
    return reply.header('content-type', contentType).send(body);
  });
}

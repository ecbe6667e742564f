/** The HTTP API of analytics-service: metrics in two formats, replays and their progress. */
import type { IncomingMessage } from 'node:http';
import Negotiator from 'negotiator';
import type { Registry } from 'prom-client';
import Type from 'typebox';
import type { HttpApp } from '../service/http-app.ts';
import { emptyBodyIsEmptyObject } from '../service/optional-body.ts';
import { problem } from '../service/problem.ts';
import { problemResponses } from '../service/problem-schema.ts';
import { exposition } from '../service/prometheus.ts';
import { Metrics } from './metrics.ts';
import { type Progress, progressOf, type Replay } from './replay.ts';
import { ReplayTarget } from './replay-start.ts';

const ReplayStarted = Type.Object({ status: Type.Literal('replaying'), id: Type.String(), before: Metrics });

const ReplayState = Type.Object({
  id: Type.String(),
  state: Type.Enum(['running', 'done']),
  started_at: Type.String(),
  finished_at: Type.Optional(Type.String()),
  processed: Type.Integer(),
  total: Type.Integer(),
  before: Metrics,
  after: Type.Optional(Metrics),
  identical: Type.Optional(Type.Boolean()),
  first_difference: Type.Optional(
    Type.Union([Type.Object({ field: Type.String(), before: Type.Unknown(), after: Type.Unknown() }), Type.Null()]),
  ),
});

export type ApiDependencies = {
  metrics: () => Promise<Metrics>;
  registry: Registry;
  requestReplay: (target: ReplayTarget) => Promise<Replay>;
  findReplay: (id: string) => Replay | undefined;
  progress: () => Progress;
};

/** Adds the routes of analytics-service. */
export function addAnalyticsRoutes(app: HttpApp, { metrics, registry, requestReplay, findReplay, progress }: ApiDependencies): void {
  const summary = 'The metrics: JSON, or Prometheus text for a caller that asks for it first';
  app.get('/metrics', { schema: { summary, response: { 200: Metrics } } }, async (request, reply) => {
    if (!wantsPrometheus(request.raw)) return metrics();
    const { contentType, body } = await exposition(registry);
    reply.header('content-type', contentType).serializer(String);
    return reply.send(body as never);
  });

  const replaySchema = {
    summary: 'Take the view back and read the log again',
    description:
      'Answers when the view holds, of every partition, what the log held when it was asked: in a moment, or 409 after 8 s with what lacks. The progress and the comparison are at the Location. One at a time.',
    body: Type.Object({ to: Type.Optional(ReplayTarget) }),
    response: { 200: ReplayStarted, ...problemResponses(400, 409, 415, 422, 503) },
  };
  app.post('/replay', { schema: replaySchema, preValidation: emptyBodyIsEmptyObject }, async (request, reply) => {
    const { id, before } = await requestReplay(request.body.to ?? 'earliest');
    reply.header('location', `/replay/${id}`);
    return { status: 'replaying' as const, id, before };
  });

  const stateSchema = {
    summary: 'Progress of a replay, then its result',
    params: Type.Object({ id: Type.String() }),
    response: { 200: ReplayState, ...problemResponses(404) },
  };
  app.get('/replay/:id', { schema: stateSchema }, async (request) => {
    const replay = findReplay(request.params.id);
    if (!replay) throw problem(404, 'Not Found', `there is no replay ${request.params.id}`);
    return stateOf(replay, progress());
  });
}

/** The first media type in the caller's own order of preference decides: browsers and curl get JSON. */
function wantsPrometheus(request: IncomingMessage): boolean {
  const [first] = new Negotiator(request).mediaTypes();
  return first === 'text/plain' || first === 'application/openmetrics-text';
}

function stateOf(replay: Replay, progress: Progress) {
  const { id, startedAt, finishedAt, before, after, identical, first_difference } = replay;
  const total = replay.ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  const head = { id, started_at: startedAt, before, total };
  if (!finishedAt || !after || identical === undefined) {
    return { ...head, state: 'running' as const, processed: progressOf(replay, progress).processed };
  }
  return {
    ...head,
    state: 'done' as const,
    processed: total,
    finished_at: finishedAt,
    after,
    identical,
    first_difference: first_difference ?? null,
  };
}

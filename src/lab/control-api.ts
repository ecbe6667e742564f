/** The control API of a lab: what runs, and start, stop, restart, kill, scale, down. The CLI and the dashboard use nothing else. */
import { Readable } from 'node:stream';
import type { Logger } from 'pino';
import Type from 'typebox';
import { ReplaygroundError } from '../errors.ts';
import { buildHttpApp, type HttpApp } from '../service/http-app.ts';
import { problem } from '../service/problem.ts';
import { type Guard, refuseChange } from './change-guard.ts';
import type { EventLog } from './event-log.ts';
import { sendEvents } from './event-stream.ts';
import type { LabState } from './lab-state.ts';
import { type Action, actions, type Supervisor } from './supervisor.ts';

export type ControlApiOptions = {
  supervisor: Pick<Supervisor, 'act' | 'scale'>;
  events: EventLog;
  state: () => Promise<LabState>;
  /** Read at each call: the port is known only once the API listens. */
  guard: () => Guard;
  /** Address of analytics-service, for `GET /metrics`. */
  analyticsUrl: () => string;
  /** Takes everything down; the API with it, after it answered. */
  down: () => void;
  logger: Logger;
};

/** @returns the app, not listening yet */
export async function buildControlApi(options: ControlApiOptions): Promise<HttpApp> {
  const { supervisor, events, state, guard, down, logger } = options;
  const app = await buildHttpApp({
    title: 'Replayground lab',
    description: 'What runs in this lab, and how to change it.',
    version: '1',
    logger,
    health: async () => {
      const { ready } = await state();
      return { healthy: ready, body: { status: ready ? 'ok' : 'not every process is healthy: see /api/lab' } };
    },
  });

  app.addHook('onRequest', async (request) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return;
    const { host, origin, authorization } = request.headers;
    const site = request.headers['sec-fetch-site'];
    const secFetchSite = Array.isArray(site) ? site.join() : site;
    const why = refuseChange({ ip: request.ip, host, origin, authorization, secFetchSite }, guard());
    if (why !== null) throw problem(403, 'Forbidden', why);
  });

  app.get('/api/lab', { schema: { summary: 'Processes, addresses, health' } }, state);
  app.get('/api/events', { schema: { summary: 'What happens, as server-sent events' } }, (request, reply) => {
    reply.hijack();
    sendEvents(reply.raw, events, Number(request.headers['last-event-id'] ?? 0) || 0);
  });

  for (const action of actions) {
    const params = Type.Object({ name: Type.String() });
    app.post(`/api/services/:name/${action}`, { schema: { summary: summaries[action], params } }, async (request) => ({
      processes: await refusable(() => supervisor.act(action, request.params.name)),
    }));
  }
  const body = Type.Object({ service: Type.String(), count: Type.Integer({ minimum: 0, maximum: 999 }) });
  app.post('/api/scale', { schema: { summary: 'Run so many instances of a service', body } }, async (request) => ({
    processes: await refusable(() => supervisor.scale(request.body.service, request.body.count)),
  }));
  app.post('/api/down', { schema: { summary: 'Stop everything, and the lab itself' } }, async (_request, reply) => {
    reply.raw.once('finish', down);
    return { status: 'stopping' };
  });

  app.get('/metrics', { schema: { summary: "analytics-service's metrics" } }, async (request, reply) => {
    const { accept } = request.headers;
    const url = `${options.analyticsUrl()}/metrics`;
    const answer = await fetch(url, { ...(accept && { headers: { accept } }), signal: AbortSignal.timeout(5000) }).catch((cause) => {
      throw problem(503, 'Analytics is away', 'analytics-service does not answer: see ./lab ps', {
        cause,
        headers: { 'retry-after': '1' },
      });
    });
    reply.code(answer.status).header('vary', 'accept');
    const type = answer.headers.get('content-type');
    if (type) reply.type(type);
    return reply.send(answer.body ? Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]) : null);
  });
  return app;
}

const summaries: Record<Action, string> = {
  stop: 'Stop it, and leave it stopped',
  start: 'Start what is stopped',
  restart: 'Stop it, then start it',
  kill: 'SIGKILL, as a crash: the lab starts it again',
};

/** What cannot be done is the caller's affair: 404 for a thing that is not there, 422 for a wish that cannot be. */
async function refusable<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof ReplaygroundError)) throw error;
    if (error.code === 'not-running') throw problem(404, 'Not Found', error.message);
    if (error.code === 'usage') throw problem(422, 'Unprocessable Entity', error.message);
    throw problem(409, 'Conflict', error.message);
  }
}

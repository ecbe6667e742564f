/** The control API of a lab: what runs, and start, stop, restart, kill, scale, down. The CLI and the dashboard use nothing else. */
import { Readable } from 'node:stream';
import type { Logger } from 'pino';
import Type from 'typebox';
import { type Guard, refuseChange } from '../../lab/api/change-guard.ts';
import { sendEvents } from '../../lab/api/event-stream.ts';
import { addPageRoutes } from '../../lab/api/page-routes.ts';
import { refusable } from '../../lab/api/refuse.ts';
import type { EventLog } from '../../lab/supervisor/event-log.ts';
import { type Action, actions, type Supervisor } from '../../lab/supervisor/supervisor.ts';
import { buildHttpApp, type HttpApp } from '../../pipeline/service/http-app.ts';
import type { Hosts } from '../../pipeline/service/known-host.ts';
import { problem } from '../../pipeline/service/problem.ts';
import { knownFieldsCompiler } from '../../pipeline/service/validate-request.ts';
import { requirePipeline } from '../client/require-pipeline.ts';
import { actionCommand, scaleCommand } from '../commands/write-commands.ts';
import type { ProcessesChanged } from '../wire/all.ts';
import type { LabState } from '../wire/lab-state.ts';
import type { Dashboard } from './dashboard.ts';
import { addLiveRoutes } from './live-routes.ts';
import { addReadRoutes } from './read-routes.ts';
import { addRecordingRoutes } from './recording-routes.ts';
import { addScenarioRoutes } from './scenario-routes.ts';
import { addWriteRoutes } from './write-routes.ts';

export type ControlApiOptions = {
  supervisor: Pick<Supervisor, 'act' | 'scale' | 'views'>;
  events: EventLog;
  state: () => Promise<LabState>;
  /** Read at each call: the port is known only once the API listens. */
  guard: () => Guard;
  /** Names by which it may be called at all. */
  hosts: Hosts;
  /** Address of analytics-service, for `GET /metrics`. */
  analyticsUrl: () => string;
  /** Takes everything down; the API with it, after it answered. */
  down: () => void;
  dashboard: Dashboard;
  /** Folder of the built page. */
  pageFolder: string;
  logger: Logger;
};

/** For a person, and for a storm of faults; a script that runs wild is slowed down. */
const changesPerMinute = 600;

/** @returns the app, not listening yet */
export async function buildControlApi(options: ControlApiOptions): Promise<HttpApp> {
  const { supervisor, events, state, guard, down, dashboard, logger } = options;
  const app = await buildHttpApp({
    title: 'Replayground lab',
    description: 'What runs in this lab, and how to change it.',
    version: '1',
    logger,
    health: async () => {
      const { ready } = await state();
      return { healthy: ready, body: { status: ready ? 'ok' : 'not every process is healthy: see /api/lab' } };
    },
    access: {
      hosts: options.hosts,
      tokens: () => guard().tokens,
      changesPerMinute,
      refuse: (request) => {
        const { host, origin, authorization } = request.headers;
        const site = request.headers['sec-fetch-site'];
        const secFetchSite = Array.isArray(site) ? site.join() : site;
        const why = refuseChange({ ip: request.ip, host, origin, authorization, secFetchSite }, guard());
        return why === null ? null : problem(403, 'Forbidden', why);
      },
    },
  });
  app.setValidatorCompiler(knownFieldsCompiler as Parameters<typeof app.setValidatorCompiler>[0]);

  app.get('/api/lab', { schema: { summary: 'Processes, addresses, health' } }, state);
  app.get('/api/events', { schema: { summary: 'What happens, as server-sent events' } }, (request, reply) => {
    reply.hijack();
    sendEvents(reply.raw, events, Number(request.headers['last-event-id'] ?? 0) || 0);
  });

  addRecordingRoutes(app, dashboard);
  addLiveRoutes(app, dashboard);
  addReadRoutes(app, dashboard);
  addWriteRoutes(app, dashboard);
  await addPageRoutes(app, options.pageFolder);
  addScenarioRoutes(app, dashboard);

  for (const action of actions) {
    const params = Type.Object({ name: Type.String() });
    app.post(
      `/api/services/:name/${action}`,
      { schema: { summary: summaries[action], params } },
      async (request): Promise<ProcessesChanged> => {
        const { name } = request.params;
        // Before what comes of it, which may be seen sooner than it is done.
        if (action === 'kill' && supervisor.views().some((one) => [one.name, one.service].includes(name) && one.pid !== null))
          dashboard.marks.add('kill', name, 'killed (SIGKILL)');
        const processes = await refusable(() => supervisor.act(action, name));
        return { processes, command: actionCommand(dashboard.terminal(), action, name) };
      },
    );
  }
  const body = Type.Object({ service: Type.String(), count: Type.Integer({ minimum: 0, maximum: 999 }) });
  app.post(
    '/api/scale',
    { schema: { summary: 'Run so many instances of a service', body } },
    async (request): Promise<ProcessesChanged> => {
      const { service, count } = request.body;
      const keepForetold = dashboard.foretell(service, count);
      const processes = await refusable(() => supervisor.scale(service, count));
      keepForetold();
      return {
        processes,
        command: scaleCommand(dashboard.terminal(), service, count),
      };
    },
  );
  app.post('/api/down', { schema: { summary: 'Stop everything, and the lab itself' } }, async (_request, reply) => {
    reply.raw.once('finish', down);
    return { status: 'stopping' };
  });

  app.get('/metrics', { schema: { summary: "analytics-service's metrics" } }, async (request, reply) => {
    await refusable(() => requirePipeline(dashboard.system, 'GET /metrics'));
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

/** What the page reads: everything once, then what changes; and the logs. */
import Type from 'typebox';
import { openEventStream } from '../../lab/api/event-stream.ts';
import { addFeedRoutes } from '../../lab/api/feed-routes.ts';
import { followLog, logFileFor, logTail } from '../../lab/api/log-reader.ts';
import { numberOf } from '../../lab/api/query.ts';
import { logsCommand } from '../../lab/commands/read-commands.ts';
import type { HttpApp } from '../../pipeline/service/http-app.ts';
import { exposition } from '../../pipeline/service/prometheus.ts';
import type { LogTail } from '../wire/all.ts';
import type { Dashboard } from './dashboard.ts';

const mostLines = 5000;
const LogQuery = Type.Object({ tail: Type.Optional(Type.String()) });
const LogName = Type.Object({ name: Type.String() });

/** Adds `/api/snapshot`, `/api/live`, `/api/metrics`, `/api/logs/:name` and its stream. */
export function addLiveRoutes(app: HttpApp, { system, feed, snapshot, metrics, settings, terminal, somebodyCame }: Dashboard): void {
  addFeedRoutes(app, { feed, snapshot, somebodyCame });

  app.get(
    '/api/metrics',
    { schema: { summary: 'What the lab itself tells Prometheus, of each consumer group' } },
    async (_request, reply) => {
      const { contentType, body } = await exposition(metrics);
      return reply.type(contentType).send(body);
    },
  );

  const logs = { summary: 'The last lines of a log', params: LogName, querystring: LogQuery };
  app.get('/api/logs/:name', { schema: logs }, async (request): Promise<LogTail> => {
    const { name } = request.params;
    const count = numberOf('tail', request.query.tail, 200, 0, mostLines);
    const { lines } = await logTail(logFileFor(settings().labHome, name, system.services), count);
    return { name, lines, command: logsCommand(terminal(), name, count) };
  });

  const live = { summary: 'A log as it grows, as server-sent events', params: LogName, querystring: LogQuery };
  app.get('/api/logs/:name/live', { schema: live }, async (request, reply) => {
    const file = logFileFor(settings().labHome, request.params.name, system.services);
    const count = numberOf('tail', request.query.tail, 50, 0, mostLines);
    const gone = new AbortController();
    reply.hijack();
    const stream = openEventStream(reply.raw);
    stream.onClose(() => gone.abort());
    const { lines, end } = await logTail(file, count);
    for (const line of lines) stream.send(null, 'line', line);
    await followLog(file, end, (line) => stream.send(null, 'line', line), gone.signal);
  });
}

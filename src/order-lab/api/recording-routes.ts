/** `GET /api/recording`: what the page saw, as one file that plays it back without this lab. */
import { existsSync, readFileSync } from 'node:fs';
import Type from 'typebox';
import { toUtc } from '../../kafka/record/event-time.ts';
import { numberOf } from '../../lab/api/query.ts';
import { recordingPage } from '../../lab/page/page-folder.ts';
import { closingLooks } from '../../lab/recording/closing-looks.ts';
import { LookBook } from '../../lab/recording/look-book.ts';
import { recordingFacts, recordingFile, recordingName } from '../../lab/recording/recording-file.ts';
import type { HttpApp } from '../../pipeline/service/http-app.ts';
import { problem } from '../../pipeline/service/problem.ts';
import type { Dashboard } from './dashboard.ts';

const RecordingQuery = Type.Object({
  minutes: Type.Optional(Type.String()),
  from: Type.Optional(Type.String()),
  title: Type.Optional(Type.String({ maxLength: 200 })),
});
const mostMinutes = 60;
/** After an incident Kafka may be away: what cannot be looked at by then is left out (ms). */
const looksWithinMs = 4000;

const journeys = /^\/api\/orders\/[^/]+$/;

/** Adds the route, and keeps what is looked at through all others. */
export function addRecordingRoutes(app: HttpApp, { system, tape, lookBook, snapshot, terminal, pipeline }: Dashboard): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const isAnswer = request.method === 'GET' && reply.statusCode === 200 && typeof payload === 'string';
    if (isAnswer && LookBook.isLook(request.url, journeys)) lookBook.keep(request.url, payload);
    return payload;
  });

  const schema = {
    summary: 'What the page saw, as one HTML file that plays it back: the last minutes, or all since a time',
    querystring: RecordingQuery,
  };
  app.get('/api/recording', { schema }, async (request, reply) => {
    const { minutes, title = `Replayground: ${system.name}` } = request.query;
    const fromMs = request.query.from ? timeOf(request.query.from) : Date.now() - numberOf('minutes', minutes, 15, 1, mostMinutes) * 60_000;
    if (!existsSync(recordingPage)) {
      throw problem(
        503,
        'Service Unavailable',
        'the page that plays recordings is not built: ./lab up builds it where the packages are installed',
      );
    }
    const { lab } = await snapshot();
    const names = lab.processes.map(({ name }) => name);
    const look = (url: string) => app.inject({ url, headers: { host: request.headers.host ?? '' } });
    await within(looksWithinMs, Promise.allSettled(closingLooks(system, names).map(look)));
    const cut = tape.cut(fromMs);
    if (cut === null) throw problem(409, 'Conflict', 'nothing was seen in that time yet: try again in a moment');
    const facts = recordingFacts({ title, fromMs: cut.fromMs, toMs: cut.toMs, system, terminal: terminal(), pipeline });
    const file = recordingFile(readFileSync(recordingPage, 'utf8'), facts, cut.blocks, lookBook.since(fromMs));
    return reply
      .type('text/html; charset=utf-8')
      .header('content-disposition', `attachment; filename="${recordingName(facts)}"`)
      .send(file);
  });
}

function timeOf(text: string): number {
  const utc = toUtc(text);
  if (utc !== undefined) return Date.parse(utc);
  throw problem(400, 'Bad Request', `from=${text} is not allowed: a time such as 2026-11-20T20:30:00Z`);
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}

/** What a page is made of: everything once, then what changes. Of a lab and of a crash test the same. */
import Type from 'typebox';
import type { HttpApp } from '../../pipeline/service/http-app.ts';
import type { LiveFeed } from '../watch/live-feed.ts';
import type { Snapshot } from '../wire/all.ts';
import { openEventStream } from './event-stream.ts';

export type Fed = {
  feed: LiveFeed;
  snapshot: () => Promise<Snapshot>;
  /** Told when a page begins to listen. */
  somebodyCame?: () => void;
};

/** Adds `/api/snapshot` and `/api/live`. */
export function addFeedRoutes(app: HttpApp, { feed, snapshot, somebodyCame }: Fed): void {
  app.get('/api/snapshot', { schema: { summary: 'All that the page needs when it loads' } }, (): Promise<Snapshot> => snapshot());

  const liveQuery = Type.Object({ after: Type.Optional(Type.String()) });
  app.get('/api/live', { schema: { summary: 'What changes, as server-sent events', querystring: liveQuery } }, (request, reply) => {
    const header = request.headers['last-event-id'];
    const lastEventId = typeof header === 'string' ? header : request.query.after;
    reply.hijack();
    const stream = openEventStream(reply.raw);
    for (const { id, name, data } of feed.greeting(lastEventId)) stream.send(id, name, data);
    stream.onClose(feed.listen(({ id, name, data }) => stream.send(id, name, data)));
    somebodyCame?.();
  });
}

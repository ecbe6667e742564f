/** The page of a crash test while it goes on: the page of a lab, where nothing can be changed. */
import { pino } from 'pino';
import { serviceAccess } from '../../pipeline/service/guard-access.ts';
import { buildHttpApp, listen } from '../../pipeline/service/http-app.ts';
import type { Settings } from '../../pipeline/settings/declarations.ts';
import { version } from '../../pipeline/settings/version.ts';
import { pageFolder } from '../page/page-folder.ts';
import { reachable } from '../supervisor/lab-ports.ts';
import { addFeedRoutes, type Fed } from './feed-routes.ts';
import { addPageRoutes } from './page-routes.ts';

export type ServedRun = AsyncDisposable & { url: string };

/**
 * @param settings where it listens: `labHost`, `labPort`
 * @throws ReplaygroundError `port-taken`
 */
export async function serveRun(run: Pick<Fed, 'feed' | 'snapshot'>, settings: Settings): Promise<ServedRun> {
  const { labHost, labPort } = settings;
  const app = await buildHttpApp({
    title: 'Replayground crash test',
    description: 'A crash test while it goes on.',
    version,
    logger: pino({ level: 'silent' }),
    health: () => ({ healthy: true, body: { status: 'ok' } }),
    access: serviceAccess(settings),
  });
  addFeedRoutes(app, run);
  await addPageRoutes(app, pageFolder);
  const port = await listen(app, { host: labHost, port: labPort, variable: 'LAB_PORT' });
  return { url: `http://${reachable(labHost)}:${port}`, [Symbol.asyncDispose]: () => app.close() };
}

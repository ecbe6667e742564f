/** Scenarios from the page, and the reports that they leave. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Type from 'typebox';
import type { HttpApp } from '../../pipeline/service/http-app.ts';
import { problem } from '../../pipeline/service/problem.ts';
import type { ScenarioRun, Scenarios } from '../wire/all.ts';
import type { Dashboard } from './dashboard.ts';

/** A report is one file with its styles and pictures in it; it needs nothing else and may do nothing else. */
const reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

/** Never `..`, never a path. */
const plainName = /^\w[\w.-]*$/;

/** Adds `/api/scenarios` and `/reports/<scenario>/<run>/report.html`. */
export function addScenarioRoutes(app: HttpApp, { scenarios, settings }: Dashboard): void {
  app.get(
    '/api/scenarios',
    { schema: { summary: 'What can be run' } },
    async (): Promise<Scenarios> => ({ scenarios: await scenarios.list() }),
  );

  const params = Type.Object({ name: Type.String() });
  app.post(
    '/api/scenarios/:name/run',
    { schema: { summary: 'Run a scenario in this lab', params } },
    async (request, reply): Promise<ScenarioRun> => {
      const run = scenarios.start(request.params.name);
      reply.code(202);
      return run;
    },
  );
  app.post('/api/scenarios/stop', { schema: { summary: 'End the scenario early' } }, async (): Promise<ScenarioRun> => scenarios.stop());

  const report = Type.Object({ scenario: Type.String(), run: Type.String() });
  app.get('/reports/:scenario/:run/report.html', { schema: { hide: true, params: report } }, (request, reply) => {
    const { scenario, run } = request.params;
    const folder = join(settings().metricsDir, scenario, run);
    if (![scenario, run].every((name) => plainName.test(name)) || !existsSync(join(folder, 'report.html'))) {
      throw problem(404, 'Not Found', `there is no report of ${scenario}, ${run}`);
    }
    return reply.header('content-security-policy', reportPolicy).sendFile('report.html', folder);
  });
}

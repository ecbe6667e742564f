/** The runs of this machine: every report in the results folder, of scenarios and of crash tests. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { type RunFacts, runFacts } from './run-facts.ts';

/** `consumer-lag/2026-11-20T20-30-00.123Z`, and `crash-tests/invoicer/2026-11-20T20-30-00.123Z`. */
const reports = ['*/*/report.json', 'crash-tests/*/*/report.json'];

/** @param metricsDir METRICS_DIR @returns its runs, the newest first; a report that cannot be read is left out */
export function findRuns(metricsDir: string): RunFacts[] {
  if (!existsSync(metricsDir)) return [];
  return globSync(reports, { cwd: metricsDir })
    .flatMap((file) => readRun(metricsDir, join(metricsDir, file, '..')) ?? [])
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}

function readRun(metricsDir: string, folder: string): RunFacts | undefined {
  try {
    const json: unknown = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
    return runFacts(json, relative(metricsDir, folder).replaceAll('\\', '/'));
  } catch {
    return undefined;
  }
}

/**
 * @param wanted an id; a folder; the name of a scenario or system for its newest run, `consumer-lag~1` for the one before that
 * @throws ReplaygroundError `no-run` with what there is
 */
export function findRun(metricsDir: string, wanted: string): RunFacts {
  const runs = findRuns(metricsDir);
  const byId = runs.find(({ id }) => id === wanted.replace(/\/$/, ''));
  if (byId) return byId;
  const folder = resolve(wanted);
  const elsewhere = existsSync(join(folder, 'report.json')) ? readRun(metricsDir, folder) : undefined;
  if (elsewhere) return elsewhere;
  const [, name = wanted, back = '0'] = /^(.+?)(?:~(\d+))?$/.exec(wanted) ?? [];
  const ofName = runs.filter((run) => run.name === name);
  const found = ofName[Number(back)];
  if (found) return found;
  const there =
    ofName.length > 0 ? `there are ${ofName.length} of ${name}, ${name}~${ofName.length - 1} is the oldest` : './lab results lists all';
  throw new ReplaygroundError('no-run', `there is no run ${wanted} in ${metricsDir}: ${there}`);
}

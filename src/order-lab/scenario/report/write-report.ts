/** Writes what a run leaves behind into its folder. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sync as writeFileAtomic } from 'write-file-atomic';
import { junitXml } from '../../../lab/report/junit.ts';
import { historyOf } from '../../../lab/runs/compare-runs.ts';
import { type RunFacts, runFacts } from '../../../lab/runs/run-facts.ts';
import type { Report } from './report.ts';
import { reportPage } from './report-page.ts';

/**
 * @param metricsDir METRICS_DIR
 * @param name of the scenario
 * @param at when the run began
 * @returns `results/burst-10k/2026-11-20T20-30-00.123Z`, not made yet; the time sorts, and is fit for every file system
 */
export const runFolder = (metricsDir: string, name: string, at: Date): string =>
  join(metricsDir, name, at.toISOString().replaceAll(':', '-'));

/**
 * Writes report.html, report.json and junit.xml; the metrics files and the recording are there already.
 * @param folder of this run
 * @param runs all that are known, for the comparison with those before
 * @returns the report with the names of these files and how it stands beside the runs before
 */
export function writeRun(folder: string, report: Report, runs: readonly RunFacts[]): Report {
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(folder)
    .filter((file) => /^(metrics.*\.txt|recording(-\d+)?\.html)$/.test(file))
    .sort();
  const facts = runFacts({ ...report, files }, '');
  const whole = { ...report, files, history: facts ? historyOf(facts, runs) : null };
  writeFileAtomic(join(folder, 'report.json'), `${JSON.stringify(whole, null, 2)}\n`);
  writeFileAtomic(join(folder, 'junit.xml'), junitXml(whole));
  writeFileAtomic(join(folder, 'report.html'), reportPage(whole));
  return whole;
}

/** Writes what a run leaves behind into its folder. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sync as writeFileAtomic } from 'write-file-atomic';
import type { Report } from './report.ts';

/**
 * @param metricsDir METRICS_DIR
 * @param name of the scenario
 * @param at when the run began
 * @returns `results/burst-10k/2026-11-20T20-30-00.123Z`, not made yet; the time sorts, and is fit for every file system
 */
export const runFolder = (metricsDir: string, name: string, at: Date): string =>
  join(metricsDir, name, at.toISOString().replaceAll(':', '-'));

/** Writes report.json, and lists the files of the run in it. */
export function writeRun(folder: string, report: Report): void {
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(folder)
    .filter((file) => /^metrics.*\.txt$/.test(file))
    .sort();
  writeFileAtomic(join(folder, 'report.json'), `${JSON.stringify({ ...report, files }, null, 2)}\n`);
}

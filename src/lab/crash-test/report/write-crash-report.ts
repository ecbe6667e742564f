/** Writes what a crash test leaves behind into its folder: report.html, report.json and junit.xml beside the logs. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sync as writeFileAtomic } from 'write-file-atomic';
import { machineFacts, versionFacts } from '../../report/facts.ts';
import { junitXml } from '../../report/junit.ts';
import { recordingFileName } from '../../report/recording-link.ts';
import { historyOf } from '../../runs/compare-runs.ts';
import { type RunFacts, runFacts } from '../../runs/run-facts.ts';
import { checksOf } from './crash-checks.ts';
import { crashReportPage } from './crash-report-page.ts';
import { type CrashTestResult, reportJson } from './result.ts';
import { verdictLine } from './show-result.ts';

/**
 * @param folder made where missing
 * @param runs all that are known, for the comparison with those before
 */
export function writeCrashReport(folder: string, result: CrashTestResult, runs: readonly RunFacts[]): void {
  mkdirSync(folder, { recursive: true });
  const { system, startMs, endMs, brokers } = result;
  const page = join(folder, 'report.html');
  const isRecorded = existsSync(join(folder, recordingFileName));
  const checks = checksOf(result);
  const facts = { checks, versions: versionFacts(brokers > 0), machine: machineFacts(), isRecorded };
  const json = reportJson(result, page, facts);
  const run = runFacts(json, '');
  const history = run ? historyOf(run, runs) : null;
  writeFileAtomic(join(folder, 'report.json'), `${JSON.stringify({ ...json, history }, null, 2)}\n`);
  const suite = { name: system, title: `crash test of ${system}`, startedAt: new Date(startMs).toISOString(), durationMs: endMs - startMs };
  writeFileAtomic(join(folder, 'junit.xml'), junitXml({ ...suite, verdict: verdictLine(result), checks }, 'crash-tests'));
  writeFileAtomic(page, crashReportPage(result, { isRecorded, history }));
}

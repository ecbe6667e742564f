/** Writes what a crash test leaves behind into its folder: report.html, report.json and junit.xml beside the logs. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sync as writeFileAtomic } from 'write-file-atomic';
import { junitXml } from '../report/junit.ts';
import { recordingFileName } from '../report/recording-link.ts';
import { checksOf } from './crash-checks.ts';
import { crashReportPage } from './crash-report-page.ts';
import { type CrashTestResult, reportJson } from './result.ts';

/** @param folder made where missing */
export function writeCrashReport(folder: string, result: CrashTestResult): void {
  mkdirSync(folder, { recursive: true });
  const { system, startMs, endMs } = result;
  const page = join(folder, 'report.html');
  writeFileAtomic(join(folder, 'report.json'), `${JSON.stringify(reportJson(result, page), null, 2)}\n`);
  const suite = { name: system, title: `crash test of ${system}`, startedAt: new Date(startMs).toISOString(), durationMs: endMs - startMs };
  writeFileAtomic(join(folder, 'junit.xml'), junitXml({ ...suite, checks: checksOf(result) }, 'crash-tests'));
  writeFileAtomic(page, crashReportPage(result, existsSync(join(folder, recordingFileName))));
}

/** results/index.html: all runs whose reports are there, the newest first. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentText, html } from '../../report/html.ts';
import { recordingFileName } from '../../report/recording-link.ts';
import type { Report } from './report.ts';
import { verdict } from './report-page.ts';

export type IndexEntry = Pick<Report, 'name' | 'title' | 'held' | 'startedAt' | 'durationMs'> & {
  folder: string;
  checks: number;
  holding: number;
  isRecorded: boolean;
};

/** @returns the runs in a results folder, the newest first; a folder whose report cannot be read is left out */
export function findRuns(metricsDir: string): IndexEntry[] {
  if (!existsSync(metricsDir)) return [];
  return globSync('*/*/report.json', { cwd: metricsDir })
    .flatMap((file) => {
      try {
        const { name, title, held, startedAt, durationMs, checks, files } = JSON.parse(
          readFileSync(join(metricsDir, file), 'utf8'),
        ) as Report;
        const holding = checks.filter((check) => check.held).length;
        const isRecorded = files.includes(recordingFileName);
        const folder = file.replace(/[\\/]report\.json$/, '');
        return [{ name, title, held, startedAt, durationMs, checks: checks.length, holding, folder, isRecorded }];
      } catch {
        return [];
      }
    })
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}

/** @returns the page; links go to folders beside it */
export const indexPage = (runs: readonly IndexEntry[]): string =>
  documentText(
    'Replayground: all runs',
    html`<main>
      <h1>All runs</h1>
      <p>${runs.length} ${runs.length === 1 ? 'run' : 'runs'}, the newest first. <code>./lab run --all</code> runs every scenario.</p>
      <div class="scroll"><table>
        <thead><tr><th></th><th>Scenario</th><th>When (UTC)</th><th class="number">Took</th><th class="number">Checks held</th><th>Files</th></tr></thead>
        <tbody>${runs.map(
          ({ name, title, held, startedAt, durationMs, checks, holding, folder, isRecorded }) => html`<tr>
            <td>${verdict(held)}</td>
            <td><a href=${`${folder}/report.html`}>${title}</a><div class="result">${name}</div></td>
            <td>${startedAt.slice(0, 19).replace('T', ' ')}</td>
            <td class="number">${(durationMs / 1000).toFixed(1)} s</td>
            <td class="number">${holding} of ${checks}</td>
            <td><a href=${`${folder}/report.json`}>JSON</a> <a href=${`${folder}/junit.xml`}>JUnit</a>${isRecorded && html`<span> <a href=${`${folder}/${recordingFileName}`}>play back</a></span>`}</td>
          </tr>`,
        )}</tbody>
      </table></div>
    </main>`,
  );

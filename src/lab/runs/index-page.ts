/** results/index.html: all runs whose reports are there, the newest first. */
import { join } from 'node:path';
import { sync as writeFileAtomic } from 'write-file-atomic';
import { documentText, html } from '../report/html.ts';
import { recordingFileName } from '../report/recording-link.ts';
import { verdictBadge } from '../report/verdict-badge.ts';
import { findRuns } from './find-runs.ts';
import type { RunFacts } from './run-facts.ts';

/** @returns the page; links go to folders beside it */
export const indexPage = (runs: readonly RunFacts[]): string =>
  documentText(
    'Replayground: all runs',
    html`<main>
      <h1>All runs</h1>
      <p>${runs.length} ${runs.length === 1 ? 'run' : 'runs'}, the newest first. <code>./lab run --all</code> runs every scenario, <code>./lab results compare</code> puts two runs side by side.</p>
      <div class="scroll"><table>
        <thead><tr><th></th><th>Run</th><th>When (UTC)</th><th class="number">Took</th><th class="number">Checks held</th><th>Files</th></tr></thead>
        <tbody>${runs.map(
          ({ id, name, title, verdict, startedAt, durationMs, checks, isRecorded }) => html`<tr>
            <td>${verdictBadge(verdict)}</td>
            <td><a href=${`${id}/report.html`}>${title}</a><div class="result">${name}</div></td>
            <td>${startedAt.slice(0, 19).replace('T', ' ')}</td>
            <td class="number">${(durationMs / 1000).toFixed(1)} s</td>
            <td class="number">${checks.filter(({ held }) => held).length} of ${checks.length}</td>
            <td><a href=${`${id}/report.json`}>JSON</a> <a href=${`${id}/junit.xml`}>JUnit</a>${isRecorded && html`<span> <a href=${`${id}/${recordingFileName}`}>play back</a></span>`}</td>
          </tr>`,
        )}</tbody>
      </table></div>
    </main>`,
  );

/** Writes index.html over all runs whose reports are there. @returns its path */
export function writeIndex(metricsDir: string): string {
  const file = join(metricsDir, 'index.html');
  writeFileAtomic(file, indexPage(findRuns(metricsDir)));
  return file;
}

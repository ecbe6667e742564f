/** report.html of a crash test: the verdict, the story of the first findings, the faults on the lag over time. */
import type { VNode } from 'preact';
import { anomalyText } from '../../ledger/jepsen-words.ts';
import type { Line } from '../../report/chart.ts';
import { chartSvg } from '../../report/chart.ts';
import { documentText, html, raw } from '../../report/html.ts';
import { recordingLink } from '../../report/recording-link.ts';
import type { History } from '../../runs/compare-runs.ts';
import { historySection } from '../../runs/history-section.ts';
import { faultText } from '../faults/fault.ts';
import { lagOf } from '../watch/group-history.ts';
import type { CrashTestResult } from './result.ts';
import { costColumns, costRows, reasonLine, verdictRows } from './show-result.ts';

/** @param beside whether a recording lies beside it, and the runs before @returns a document that needs no other file */
export function crashReportPage(
  result: CrashTestResult,
  { isRecorded, history }: { isRecorded: boolean; history: History | null },
): string {
  const { system, summary, seed, minutes, brokers, sent, outcome, startMs, notBack, remarks } = result;
  const command = `./lab crash-test ${system} --minutes ${minutes} --seed ${seed}${brokers === 3 ? ' --brokers 3' : ''}`;
  const body = html`<main>
    <h1>Crash test: ${system}</h1>
    <p>${summary}</p>
    <p><span class=${`verdict ${outcome === 'held' ? 'held' : 'broken'}`}>${outcome.replace('-', ' ')}</span> ${reasonLine(result)}</p>
    <p class="muted">${sent} records, ${minutes} min of storm${brokers === 0 ? ' on a Kafka that was there already' : ''}, at ${new Date(startMs).toISOString().slice(0, 19).replace('T', ' ')} UTC. Run it again: <code>${command}</code></p>
    ${recordingLink(isRecorded)}
    <h2>Verdict</h2>
    ${table(['What', 'Count', 'Meaning'], verdictRows(result))}
    ${[...notBack, ...remarks].map((line) => html`<p>${line}</p>`)}
    <h2>What each kind of fault has cost</h2>
    ${table(costColumns, costRows(result))}
    <p class="muted">Each finding is counted with the fault that it is about, else with the last one that had begun. Seconds from the fault until every group committed again.</p>
    ${historySection(history)}
    <h2>First findings</h2>
    ${findings(result)}
    <h2>Over time</h2>
    ${lagChart(result)}
    <h2>Faults</h2>
    ${faultTable(result)}
    <h2>What the run reached</h2>
    ${table(
      ['Situation', 'Times', 'Needed'],
      result.sometimes.map(({ situation, times, needed }) => [situation, String(times), String(needed)]),
    )}
    <p class="muted">A run that never reached one of them is inconclusive: it has not shown what happens there.</p>
  </main>`;
  return documentText(`${outcome}: crash test of ${system}`, body);
}

const table = (columns: readonly string[], rows: readonly (readonly string[])[]): VNode =>
  html`<div class="scroll"><table>
    <thead><tr>${columns.map((column) => html`<th>${column}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
  </table></div>`;

const findings = ({ firstFindings }: CrashTestResult): VNode =>
  firstFindings.length === 0
    ? html`<p>None.</p>`
    : table(
        ['What', 'Id', 'Story'],
        firstFindings.map(({ jepsen, id, text }) => [anomalyText(jepsen), id, text]),
      );

const secondsSince = (startMs: number, ms: number): number => Math.round((ms - startMs) / 100) / 10;

/** Looks that are further apart than this were missed: Kafka did not answer (ms). */
const gapMs = 4000;

function lagChart({ samples, faults, startMs, endMs }: CrashTestResult): VNode {
  const names = [...new Set(samples.flatMap(({ groups }) => groups.map(({ group }) => group)))];
  if (samples.length < 2 || names.length === 0) return html`<p class="muted">No group was seen.</p>`;
  const lines: Line[] = names.map((name) => ({
    name,
    points: samples.flatMap(({ atMs, groups }, index): [number, number | null][] => {
      const sample = groups.find(({ group }) => group === name);
      const point: [number, number | null] = [secondsSince(startMs, atMs), sample ? lagOf(sample) : null];
      const before = samples[index - 1];
      // Nobody looked: there is no line.
      return before && atMs - before.atMs > gapMs ? [[secondsSince(startMs, before.atMs) + 0.1, null], point] : [point];
    }),
  }));
  const marks = faults.map(({ at, kind, target }, index) => ({
    atSec: secondsSince(startMs, at),
    number: index + 1,
    what: `${kind} ${target}`,
  }));
  const untilSec = Math.ceil((endMs - startMs) / 1000);
  return raw(chartSvg({ lines, marks, unit: 'records not committed', untilSec, describedAs: 'Lag of each group, with the faults' }));
}

function faultTable({ faults, startMs }: CrashTestResult): VNode {
  const kinds = [...new Set(faults.map(({ kind }) => kind))];
  return html`<div>
    ${table(
      ['#', 'At', 'Kind', 'Target', 'What was seen'],
      faults.map(({ at, kind, target, detail }, index) => [`${index + 1}`, `${secondsSince(startMs, at)} s`, kind, target, detail]),
    )}
    ${table(
      ['Kind', 'What it is'],
      kinds.map((kind) => [kind, faultText[kind]]),
    )}
  </div>`;
}

/** report.html of a crash test: the verdict, the story of the first findings, the faults on the lag over time. */
import type { VNode } from 'preact';
import type { Line } from '../report/chart.ts';
import { chartSvg } from '../report/chart.ts';
import { documentText, html, raw } from '../report/html.ts';
import { faultText } from './fault.ts';
import { lagOf } from './group-history.ts';
import type { CrashTestResult } from './result.ts';
import { verdictLine, verdictRows } from './show-result.ts';

/** @returns a document that needs no other file */
export function crashReportPage(result: CrashTestResult): string {
  const { system, summary, seed, minutes, brokers, sent, outcome, startMs, notBack } = result;
  const command = `./lab crash-test ${system} --minutes ${minutes} --seed ${seed}${brokers === 3 ? ' --brokers 3' : ''}`;
  const body = html`<main>
    <h1>Crash test: ${system}</h1>
    <p>${summary}</p>
    <p><span class=${`verdict ${outcome === 'held' ? 'held' : 'broken'}`}>${outcome}</span> ${verdictLine(result)}</p>
    <p class="muted">${sent} records in ${minutes} minutes of storm, at ${new Date(startMs).toISOString().slice(0, 19).replace('T', ' ')} UTC. Run it again: <code>${command}</code></p>
    <h2>Verdict</h2>
    ${table(['What', 'Count', 'Meaning'], verdictRows(result))}
    ${notBack.map((line) => html`<p>${line}</p>`)}
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
        firstFindings.map(({ kind, jepsen, id, text }) => [`${kind} (${jepsen})`, id, text]),
      );

const secondsSince = (startMs: number, ms: number): number => Math.round((ms - startMs) / 100) / 10;

function lagChart({ samples, faults, startMs, endMs }: CrashTestResult): VNode {
  const names = [...new Set(samples.flatMap(({ groups }) => groups.map(({ group }) => group)))];
  if (samples.length < 2 || names.length === 0) return html`<p class="muted">No group was seen.</p>`;
  const lines: Line[] = names.map((name) => ({
    name,
    points: samples.map(({ atMs, groups }) => {
      const sample = groups.find(({ group }) => group === name);
      return [secondsSince(startMs, atMs), sample ? lagOf(sample) : null];
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
      ['Kind', 'Times', 'What it is'],
      kinds.map((kind) => [kind, String(faults.filter((fault) => fault.kind === kind).length), faultText[kind]]),
    )}
    ${table(
      ['#', 'At', 'Kind', 'Target', 'What was seen'],
      faults.map(({ at, kind, target, detail }, index) => [`${index + 1}`, `${secondsSince(startMs, at)} s`, kind, target, detail]),
    )}
  </div>`;
}

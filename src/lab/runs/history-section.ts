/** A run beside those before it, as a part of its report. */
import type { VNode } from 'preact';
import { html } from '../report/html.ts';
import type { History } from './compare-runs.ts';
import { checkColumns, checkRows, conditionColumns, conditionRows, historyColumns, historyRows } from './comparison-text.ts';

/** @param history null for the first run of its kind on this machine */
export function historySection(history: History | null): VNode {
  if (history === null)
    return html`<div><h2>Beside the runs before</h2><p class="muted">It is the first of its kind on this machine.</p></div>`;
  const { checks, conditions } = history;
  return html`<div>
    <h2>Beside the runs before</h2>
    ${table(historyColumns(history), historyRows(history))}
    <h3>Checks with another verdict than in the last run</h3>
    ${checks.length === 0 ? html`<p>None.</p>` : table(checkColumns, checkRows(checks))}
    <h3>What was different about the last run</h3>
    ${conditions.length === 0 ? html`<p>Nothing that is known.</p>` : table(conditionColumns, conditionRows(conditions))}
    <p class="muted">Runs of the same name on this machine, from its results folder; <code>./lab results compare</code> puts any two side by side.</p>
  </div>`;
}

const table = (columns: readonly string[], rows: readonly (readonly string[])[]): VNode =>
  html`<div class="scroll"><table>
    <thead><tr>${columns.map((column) => html`<th>${column}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
  </table></div>`;

/** report.html: what was done, what held, how it looked over time, on what, and how to do it by hand. */
import type { VNode } from 'preact';
import type { Line, Mark } from '../../../lab/report/chart.ts';
import { chartSvg } from '../../../lab/report/chart.ts';
import { type Check, formatValue } from '../../../lab/report/check.ts';
import type { Fact } from '../../../lab/report/facts.ts';
import { documentText, html, raw } from '../../../lab/report/html.ts';
import { type Picture, pictureSvg } from '../../../lab/report/picture.ts';
import { recordingFileName, recordingLink } from '../../../lab/report/recording-link.ts';
import { verdictBadge } from '../../../lab/report/verdict-badge.ts';
import { historySection } from '../../../lab/runs/history-section.ts';
import type { Comparison } from '../comparison.ts';
import type { Table } from '../recorder.ts';
import { byHandScript } from './by-hand-script.ts';
import { marksOf, numbered } from './numbered-steps.ts';
import type { Report } from './report.ts';
import { lagLines, ordersPerMinuteLine, throughputLines } from './series.ts';

/** @returns a document that needs no other file */
export function reportPage(report: Report): string {
  const { title, summary, held, comparisons, tables, pictures, files } = report;
  const body = html`<main>
    ${header(report)}
    ${recordingLink(files.includes(recordingFileName))}
    <h2>Checks</h2>
    ${checksTable(report.checks)}
    ${pictures.map(pictureOf)}
    ${tables.map(figuresTable)}
    ${historySection(report.history)}
    <h2>Over time</h2>
    ${charts(report)}
    ${comparisons.map(comparisonTable)}
    <h2>What was done</h2>
    ${stepsTable(report)}
    <h2>The same by hand</h2>
    <p class="muted">Copy the lines one after the other. What watches goes on until Ctrl-C. Lines that begin with # are other ways to do the line above, Kafka's own among them.</p>
    <pre>${byHandScript(report)}</pre>
    <h2>Measured on</h2>
    <div class="facts">${[
      factsTable('Versions', report.versions),
      factsTable('Machine', report.machine),
      factsTable('Settings at the start', report.settings),
    ]}</div>
    <h2>Files</h2>
    <p>${fileLinks(['report.json', 'junit.xml', ...files])}</p>
    <p class="muted"><a href="../../index.html">All runs</a></p>
  </main>`;
  return documentText(`${held ? 'Held' : 'NOT HELD'}: ${title} (${summary})`, body);
}

function header({ title, summary, exercises, startedAt, durationMs, held, checks, command }: Report): VNode {
  const holding = checks.filter((check) => check.held).length;
  return html`<header>
    <h1>${title}</h1>
    <p>${summary}</p>
    <p>
      ${verdict(held)} ${holding} of ${checks.length} checks held, in ${(durationMs / 1000).toFixed(1)} s, at ${startedAt.slice(0, 19).replace('T', ' ')} UTC
    </p>
    <p class="muted">
      Run it again: <code>${command}</code>${exercises.length > 0 && html`<span> (exercises ${exercises.join(', ')} of docs/exercises.md)</span>`}
    </p>
  </header>`;
}

const verdict = (held: boolean): VNode => verdictBadge(held ? 'held' : 'not-held');

const checksTable = (checks: readonly Check[]): VNode =>
  html`<div class="scroll"><table>
    <thead><tr><th></th><th>Claim</th><th>Expected</th><th>Measured</th></tr></thead>
    <tbody>${checks.map(
      ({ held, claim, expected, measured, lookAt }) => html`<tr>
        <td>${verdict(held)}</td>
        <td>${claim}${!held && html`<div class="result">Look at: ${lookAt}</div>`}</td>
        <td>${expected}</td>
        <td>${measured}</td>
      </tr>`,
    )}</tbody>
  </table></div>`;

function charts({ samples, names, steps, startedAt, durationMs, history }: Report): VNode {
  const startMs = Date.parse(startedAt);
  const marks = marksOf(steps, startMs);
  const untilSec = Math.ceil(durationMs / 1000);
  if (samples.length < 2) return html`<p class="muted">Too short for a chart: ${samples.length} samples were taken.</p>`;
  const draw = (title: string, unit: string, lines: readonly Line[], isLog = false): VNode[] => [
    html`<h3>${title}</h3>`,
    raw(chartSvg({ lines, marks, unit, untilSec, isLog, describedAs: title })),
  ];
  const lag = (group: string): Line[] => {
    const before = history?.curves[group];
    return [...lagLines(samples, group, startMs), ...(before ? [{ name: 'the last run, all partitions', points: before }] : [])];
  };
  return html`<div>
    ${marksList(marks)}
    ${draw(`Lag of inventory-service (${names.inventoryGroup})`, 'records', lag(names.inventoryGroup))}
    ${draw(`Lag of analytics-service (${names.analyticsGroup})`, 'records', lag(names.analyticsGroup))}
    ${draw('Throughput, in powers of ten', 'orders per second', throughputLines(samples, names, startMs), true)}
    ${draw('Orders created in the last 60 s, as analytics says', 'orders', ordersPerMinuteLine(samples, startMs))}
  </div>`;
}

const marksList = (marks: readonly Mark[]): VNode =>
  html`<ul class="marks">${marks.map(({ number, atSec, what }) => html`<li><b>${number}</b> ${atSec.toFixed(1)} s: ${what}</li>`)}</ul>`;

function stepsTable({ steps, startedAt }: Report): VNode {
  const startMs = Date.parse(startedAt);
  const rows = numbered(steps).map(({ step, number }) => {
    const at = html`<td class="number">${((step.startMs - startMs) / 1000).toFixed(1)} s</td>`;
    if (number === undefined) return html`<tr class="remark"><td></td>${at}<td></td><td>${step.what}</td></tr>`;
    const tookSec = step.endMs === undefined ? '' : `${((step.endMs - step.startMs) / 1000).toFixed(1)} s`;
    return html`<tr>
      <td class="number">${number}</td>
      ${at}
      <td class="number">${tookSec}</td>
      <td>
        ${step.what}${step.times > 1 && ` (${step.times} times)`}
        ${step.result !== undefined && html`<div class="result">${step.result}</div>`}
        ${step.error !== undefined && html`<div class="result"><span class="verdict broken">failed</span> ${step.error}</div>`}
        ${step.byHand.length > 0 && html`<ul class="commands">${step.byHand.map((command) => html`<li><code>${command}</code></li>`)}</ul>`}
      </td>
    </tr>`;
  });
  return html`<div class="scroll"><table>
    <thead><tr><th class="number">#</th><th class="number">At</th><th class="number">Took</th><th>Step, what came out, and the same by hand</th></tr></thead>
    <tbody>${rows}</tbody>
  </table></div>`;
}

const figuresTable = ({ title, columns, rows }: Table): VNode =>
  html`<div><h2>${title}</h2><div class="scroll"><table>
    <thead><tr>${columns.map((column) => html`<th>${column}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td class=${typeof cell === 'number' ? 'number' : ''}>${formatValue(cell)}</td>`)}</tr>`)}</tbody>
  </table></div></div>`;

const pictureOf = (picture: Picture): VNode => html`<div><h2>${picture.title}</h2>${raw(pictureSvg(picture))}</div>`;

const comparisonTable = ({ title, rows }: Comparison): VNode =>
  html`<div><h2>${title}</h2><div class="scroll"><table>
    <thead><tr><th></th><th>Before</th><th>After</th><th></th></tr></thead>
    <tbody>${rows.map(
      ({ field, before, after, differs }) => html`<tr class=${differs ? 'differs' : ''}>
        <td>${field}</td><td><code>${before}</code></td><td><code>${after}</code></td><td>${differs ? 'differs' : 'same'}</td>
      </tr>`,
    )}</tbody>
  </table></div></div>`;

const factsTable = (title: string, facts: readonly Fact[]): VNode =>
  html`<div><h3>${title}</h3><table><tbody>${facts.map(({ name, value }) => html`<tr><td class="muted">${name}</td><td>${value}</td></tr>`)}</tbody></table></div>`;

const fileLinks = (files: readonly string[]): VNode[] => files.map((file) => html`<span><a href=${file}>${file}</a>${' '}</span>`);

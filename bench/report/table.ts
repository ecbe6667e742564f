/** The result for the terminal: one table over all parts, what was checked, what it was measured on. */
import Table from 'cli-table3';
import { tableLines } from '../../src/lab/terminal/output.ts';
import type { Grid, PartResult } from '../result.ts';
import { cell, ratioText, spread, targetText, verdict } from './format.ts';

/** @returns text with a trailing line break */
export function renderTable(results: readonly PartResult[]): string {
  const table = new Table({
    head: ['median (min - max)', 'ours', 'peer', 'ratio (95%)', 'target', ''],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right', 'left', 'left'],
  });
  const measured = results.filter(({ measures }) => measures.length > 0);
  for (const result of measured) {
    table.push([{ colSpan: 6, content: `${result.title} (--only ${result.part})` }]);
    for (const measure of result.measures) {
      table.push([
        `  ${measure.name} [${measure.unit}]`,
        spread(measure.ours, measure.unit),
        measure.peer ? `${spread(measure.peer, measure.unit)}  ${measure.peer.name}` : '',
        measure.ratio ? ratioText(measure.ratio) : '',
        targetText(measure),
        verdict(measure),
      ]);
    }
  }
  const grids = results.flatMap(({ grids: own = [] }) => own.flatMap(gridLines));
  return `${[...(measured.length > 0 ? [table.toString(), 'A ratio above 1: ours is the better one.'] : []), ...grids, ...results.flatMap(remarks), ...surroundings(results)].join('\n')}\n`;
}

const gridLines = ({ title, columns, rows }: Grid): string[] => [
  '',
  title,
  ...tableLines(
    columns,
    rows.map((row) => row.map(cell)),
  ),
  '',
];

const remarks = ({ part, checks, missing = [], quick, load }: PartResult): string[] => [
  ...checks.map(({ claim, held, detail }) => (held ? `${part}: ${claim}: yes` : `${part}: NOT SO: ${claim} (${detail})`)),
  ...missing.map((why) => `${part}: ${why}`),
  ...(quick ? [`${part}: a quick look, no basis for a comparison`] : []),
  ...(load.busy && !quick
    ? [`${part}: THE MACHINE WAS BUSY before we began (load ${load.average.toFixed(2)}): no basis for a comparison`]
    : []),
];

function surroundings(results: readonly PartResult[]): string[] {
  const last = results.at(-1);
  if (!last) return [];
  const versions = Object.entries(last.environment.versions).map(([name, version]) => `${name} ${version}`);
  return [`Machine: ${last.environment.machine}`, `Versions: ${versions.join(', ')}`];
}

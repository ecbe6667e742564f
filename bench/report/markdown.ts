/** `RESULTS.md`: everything that results.json holds, for people. Pure. */
import type { Grid, PartResult } from '../result.ts';
import { cell, ratioText, spread, targetText, verdict } from './format.ts';

/**
 * @param results of all parts
 * @param charts of each part: file names as seen from the document
 * @returns the whole document
 */
export function renderMarkdown(results: readonly PartResult[], charts: ReadonlyMap<string, { file: string; title: string }[]>): string {
  const sections = results.map((result) => section(result, charts.get(result.part) ?? []));
  return `# Results

Written by \`./lab bench\`; each part by its last run. What is measured, how, and why it is fair: [docs/performance.md](../docs/performance.md).
Figures are medians of all rounds with the least and the greatest; ratios carry a 95% interval (bootstrap). A ratio above 1: ours is the
better one.

${summary(results)}
${sections.join('\n')}`;
}

const caveat = ({ quick, load }: Pick<PartResult, 'quick' | 'load'>): string =>
  quick ? ' (a quick look)' : load.busy ? ' (on a busy machine)' : '';

/** What was promised, at a glance. */
function summary(results: readonly PartResult[]): string {
  const rows = results.flatMap(({ part, measures, quick, load }) =>
    measures
      .filter(({ target }) => target)
      .map((measure) => {
        const measured =
          measure.target?.of === 'ratio' && measure.ratio
            ? ratioText(measure.ratio)
            : `${spread(measure.ours, measure.unit)} ${measure.unit}`;
        return `| [${part}](#${part}): ${measure.name} | ${targetText(measure)} | ${measured} | ${verdict(measure)}${caveat({ quick, load })} |`;
      }),
  );
  return `| what | target | measured | |\n|---|---|--:|---|\n${rows.join('\n')}\n`;
}

function section(result: PartResult, charts: readonly { file: string; title: string }[]): string {
  const { part, title, measures, checks, missing = [], grids = [], environment, load } = result;
  const settings = Object.entries(result.settings).map(([name, value]) => `${name} ${value}`);
  const versions = Object.entries(environment.versions).map(([name, version]) => `${name} ${version}`);
  const rows = measures.map((measure) => {
    const peer = measure.peer ? `${measure.peer.name}: ${spread(measure.peer, measure.unit)}` : '';
    return `| ${measure.name} | ${measure.unit} | ${spread(measure.ours, measure.unit)} | ${peer} | ${measure.ratio ? ratioText(measure.ratio) : ''} | ${targetText(measure)} | ${verdict(measure)} |`;
  });
  const lines = [
    `## ${part}`,
    '',
    `${title}. ${result.measuredAt.slice(0, 16).replace('T', ' ')} UTC, ${result.rounds} ${result.rounds === 1 ? 'round' : 'rounds'}, took ${Math.round(result.tookSec)} s.`,
    ...(result.quick ? ['**A quick look: no basis for a comparison.**'] : []),
    ...(load.busy && !result.quick ? [`**The machine was busy before we began (load ${load.average.toFixed(2)}).**`] : []),
    '',
    ...(rows.length > 0 ? ['| measure | unit | ours | peer | ratio | target | |', '|---|---|--:|--:|--:|---|---|', ...rows, ''] : []),
    ...grids.flatMap(gridLines),
    ...charts.flatMap((chart) => [`![${chart.title}](${chart.file})`, '']),
    ...checks.map(({ claim, held, detail }) => `- ${held ? 'Checked' : '**Not so**'}: ${claim}. ${detail}`),
    ...missing.map((why) => `- ${why}`),
    `- Settings: ${settings.join(', ')}.`,
    `- ${environment.machine}; load before ${load.average.toFixed(2)}; ${versions.join(', ')}.`,
    '',
  ];
  return lines.join('\n');
}

const gridLines = ({ title, columns, rows }: Grid): string[] => [
  `**${title}**`,
  '',
  `| ${columns.join(' | ')} |`,
  `|${columns.map(() => '--:').join('|')}|`,
  ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
  '',
];

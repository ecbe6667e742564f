/** `./lab explain`: what the lab sees and what it comes from, in the words of the page. */
import type { Command } from 'commander';
import { print, printTable, withJson } from '../../../lab/terminal/output.ts';
import { explanationOf } from '../../../lab/watch/verdict/explanation.ts';
import type { Explanation } from '../../../lab/wire/explanation.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import type { Answer } from '../../answers/answer-table.ts';
import { printJson } from '../../answers/print-answer.ts';
import { requireLabAsGiven } from '../../client/lab-client.ts';

export function register(program: Command): void {
  withJson(program.command('explain'))
    .description('what is going on and what it comes from, as the page says it')
    .addHelpText('after', '\nExamples:\n  ./lab explain\n  ./lab explain --json')
    .action(async ({ json }: { json?: boolean }) => {
      const lab = await requireLabAsGiven(readSettings());
      const explanation = explanationOf(await lab.snapshot());
      if (json) printJson<'explain'>(explanation as Answer<'explain'>);
      else show(explanation);
    });
}

const shownCauses = 10;

function show({ insights, groups, causes }: Explanation): void {
  for (const { level, group, text } of insights) print(`${level.padEnd(4)}  ${group === null ? '' : `${group}: `}${text}`);
  if (insights.length > 0) print();
  printTable(
    ['GROUP', 'LAG', 'TREND', 'DRAINED IN', 'VERDICT', 'WHY'],
    groups.map(({ group, totalLag, trend, drainSec, verdict, verdictText }) => [
      group,
      totalLag,
      trend?.direction,
      drainSec === null ? null : `${Math.ceil(drainSec)} s`,
      verdict,
      verdictText,
    ]),
  );
  if (causes.length === 0) return;
  print();
  printTable(
    ['AT', 'WHAT', 'WHICH', 'HOW'],
    causes.slice(0, shownCauses).map(({ at, kind, subject, text }) => [at, kind, subject, text]),
  );
}

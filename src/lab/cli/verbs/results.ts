/** `./lab results`: the runs of this machine, and two of them side by side. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { compareRuns } from '../../runs/compare-runs.ts';
import { checkColumns, checkRows, conditionColumns, conditionRows, figureColumns, figureRows } from '../../runs/comparison-text.ts';
import { findRun, findRuns } from '../../runs/find-runs.ts';
import { note, print, printJson, printTable, withJson } from '../../terminal/output.ts';

export function register(program: Command): void {
  const results = withJson(program.command('results'))
    .description('list the runs of this machine: scenarios and crash tests, the newest first')
    .option('--name <name>', 'only of this scenario or system')
    .addHelpText(
      'after',
      '\nThe reports are in METRICS_DIR, by default results/.\n\nExamples:\n  ./lab results\n  ./lab results --name consumer-lag --json\n  ./lab results compare consumer-lag~1 consumer-lag',
    )
    .action(list);
  withJson(results.command('compare'))
    .description('what differs between two runs: checks, figures, and what they were measured on')
    .argument(
      '<before>',
      'a run as ./lab results calls it, its folder, or a name: consumer-lag is the newest, consumer-lag~1 the one before',
    )
    .argument('<after>', 'the same')
    .addHelpText(
      'after',
      '\nExamples:\n  ./lab results compare consumer-lag~1 consumer-lag\n  ./lab results compare results/a/2026-11-20T20-30-00.123Z ./mine',
    )
    .action(compare);
}

function list({ name, json }: { name?: string; json?: boolean }): void {
  const { metricsDir } = readSettings();
  const runs = findRuns(metricsDir).filter((run) => name === undefined || run.name === name);
  if (json) {
    printJson<'results'>(
      runs.map(({ kind, name: of, id, startedAt, durationMs, verdict, checks, isRecorded }) => ({
        run: id,
        kind,
        name: of,
        startedAt,
        durationMs,
        verdict,
        checks: checks.length,
        held: checks.filter(({ held }) => held).length,
        isRecorded,
        folder: join(metricsDir, id),
      })),
    );
    return;
  }
  if (runs.length === 0) {
    note(`no runs${name === undefined ? '' : ` of ${name}`} in ${metricsDir} yet: ./lab run <scenario>, ./lab crash-test <system>`);
    return;
  }
  printTable(
    ['VERDICT', 'KIND', 'WHEN (UTC)', 'TOOK', 'CHECKS', 'RUN'],
    runs.map(({ kind, id, startedAt, durationMs, verdict, checks }) => [
      verdict === 'not-held' ? 'NOT HELD' : verdict,
      kind,
      startedAt.slice(0, 19).replace('T', ' '),
      `${(durationMs / 1000).toFixed(1)} s`,
      `${checks.filter(({ held }) => held).length} of ${checks.length}`,
      id,
    ]),
  );
  note(`\nfolders in ${metricsDir}; two side by side: ./lab results compare <run> <run>`);
}

function compare(first: string, second: string, { json }: { json?: boolean }): void {
  const { metricsDir } = readSettings();
  const comparison = compareRuns(findRun(metricsDir, first), findRun(metricsDir, second));
  if (json) {
    printJson<'results-compare'>(comparison);
    return;
  }
  const { before, after, checks, conditions } = comparison;
  if (before.name !== after.name) note(`note: these are runs of two things, ${before.name} and ${after.name}`);
  print(`before  ${before.verdict}  ${before.id}`);
  print(`after   ${after.verdict}  ${after.id}\n`);
  if (checks.length > 0) printTable(upper(checkColumns), checkRows(checks));
  else print('every check has the same verdict in both');
  print();
  printTable(upper(figureColumns), figureRows(comparison));
  print();
  if (conditions.length > 0) printTable(upper(conditionColumns), conditionRows(conditions));
  else print('nothing was different about them, as far as is known');
}

const upper = (columns: readonly string[]): string[] => columns.map((column) => column.toUpperCase());

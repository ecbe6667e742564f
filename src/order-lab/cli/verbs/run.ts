/** `./lab run <scenario>`: an exercise from beginning to end, checked and reported. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { watchInterrupts } from '../../../lab/cli/interrupt.ts';
import { buildPageIfStale } from '../../../lab/page/build-page.ts';
import { usageError } from '../../../lab/terminal/exit-codes.ts';
import { note, print, printTable, withJson } from '../../../lab/terminal/output.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { printJson } from '../../answers/print-answer.ts';
import { namesIn } from '../../scenario/connection.ts';
import { allScenarios, type FoundScenario, findScenario } from '../../scenario/find-scenarios.ts';
import { refuseOtherSettings } from '../../scenario/own-environment.ts';
import { showProgress, verdictMark } from '../../scenario/progress.ts';
import { scenarioOptions } from '../../scenario/scenario-options.ts';
import { type StagedRun, stageRun } from '../../scenario/stage-run.ts';

type Options = { here?: boolean; keep?: boolean; all?: boolean; json?: boolean };

export function register(program: Command): void {
  withJson(program.command('run'))
    .description('do an exercise, check it, and write a report')
    .argument('[scenario]', 'a name from ./lab scenarios, or a file of your own')
    .argument('[options...]', 'options of the scenario, such as --outcomes random')
    .option('--here', 'in the running lab; by default a lab of its own is started, and removed afterwards')
    .option('--keep', 'leave the lab of its own running')
    .option('--all', 'all scenarios, one after the other')
    .allowUnknownOption()
    .addHelpText(
      'after',
      '\nExit code 0: every check held; 1: one did not.\nA lab of its own runs by the settings that are given: INVENTORY_FAIL_RATE=0.5 ./lab run consumer-lag\n\nExamples:\n  ./lab run consumer-lag\n  ./lab run ./mine.ts --keep\n  ./lab run --all\n\nA scenario of your own: docs/scenarios.md',
    )
    .action(run);
}

async function run(wanted: string | undefined, rest: string[], options: Options): Promise<void> {
  const chosen = await choose(wanted, rest, options);
  if (!options.here) for (const { found } of chosen) refuseOtherSettings(found, process.env);
  // The recording beside the report is the page.
  if (!options.here) await buildPageIfStale((line) => note(`lab: ${line}`));
  const { stop, hurry } = watchInterrupts();
  const runs: StagedRun[] = [];
  for (const { found, given } of chosen) {
    note(`${found.name}: ${found.scenario.title}`);
    const staged = await stageRun({
      found,
      options: given,
      env: process.env,
      here: options.here ?? false,
      keep: options.keep ?? false,
      progress: (lab) => showProgress(process.stderr, () => lab() && namesIn((lab() as NonNullable<ReturnType<typeof lab>>).settings)),
      signal: stop,
      hurry,
    });
    runs.push(staged);
    if (!options.json) show(staged);
  }
  if (options.json) printJson<'run'>(runs.map(({ report: { samples: _, ...report }, folder }) => ({ ...report, folder })));
  const failed = runs.filter(({ report }) => !report.held);
  if (options.all && !options.json) showAll(runs);
  if (failed.length > 0)
    throw new ReplaygroundError('not-held', `not every check held: ${failed.map(({ report }) => report.name).join(', ')}`);
}

type Chosen = { found: FoundScenario; given: Record<string, string> };

async function choose(wanted: string | undefined, rest: readonly string[], { all, here, keep }: Options): Promise<Chosen[]> {
  if (here && keep) throw usageError('--keep is for a lab of its own: --here leaves the running one as it is');
  if (all && wanted !== undefined) throw usageError(`--all runs every scenario: leave ${wanted} out`);
  if (all && here) throw usageError('--all runs each scenario in a lab of its own: use --here with one scenario');
  if (all && keep) throw usageError('--keep would leave many labs running: use it with one scenario');
  if (all) return (await allScenarios()).map((found) => ({ found, given: scenarioOptions(found.scenario, []) }));
  if (wanted === undefined || wanted.startsWith('-')) throw usageError('which scenario? ./lab scenarios lists them; --all runs them all');
  const found = await findScenario(wanted);
  return [{ found, given: scenarioOptions(found.scenario, rest) }];
}

function showAll(runs: readonly StagedRun[]): void {
  print();
  printTable(
    ['SCENARIO', 'CHECKS HELD', 'TOOK', 'VERDICT'],
    runs.map(({ report: { name, checks, durationMs, held } }) => [
      name,
      `${checks.filter((check) => check.held).length} of ${checks.length}`,
      `${(durationMs / 1000).toFixed(1)} s`,
      held ? 'held' : 'NOT HELD',
    ]),
  );
  print(`all runs: ${join(readSettings().metricsDir, 'index.html')}`);
}

function show({ report, folder, keptHome }: StagedRun): void {
  print();
  for (const check of report.checks) {
    print(`${verdictMark(check, process.stdout)}  ${check.claim}`);
    print(`          expected ${check.expected}, measured ${check.measured}`);
    if (!check.held) print(`          look at: ${check.lookAt}`);
  }
  const held = report.checks.filter((check) => check.held).length;
  print(`\n${held} of ${report.checks.length} checks held, in ${(report.durationMs / 1000).toFixed(1)} s`);
  print(`report: ${folder}/report.html`);
  for (const file of report.files) print(`        ${folder}/${file}`);
  if (keptHome !== undefined) print(`the lab goes on: LAB_HOME=${keptHome} ./lab ps; LAB_HOME=${keptHome} ./lab down ends it`);
}

/** `./lab crash-test <system>`: faults under load, then a verdict on whoever's services they are. */
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { serveRun } from '../../api/serve-run.ts';
import { crashTest } from '../../crash-test/crash-test.ts';
import { type FaultKind, faultKinds } from '../../crash-test/faults/fault.ts';
import { newSeed } from '../../crash-test/faults/seeded.ts';
import { type CrashTestResult, resultJson } from '../../crash-test/report/result.ts';
import { costColumns, costRows, verdictLine, verdictRows } from '../../crash-test/report/show-result.ts';
import { writeCrashReport } from '../../crash-test/report/write-crash-report.ts';
import { anomalyText } from '../../ledger/jepsen-words.ts';
import { buildPageIfStale } from '../../page/build-page.ts';
import { findRuns } from '../../runs/find-runs.ts';
import { writeIndex } from '../../runs/index-page.ts';
import { findSystem } from '../../systems/file/find-system.ts';
import { readSystem } from '../../systems/file/read-system.ts';
import { requirePrograms } from '../../systems/process/toolchain.ts';
import { exitCodes, interrupted, usageError } from '../../terminal/exit-codes.ts';
import { note, print, printJson, printTable, withJson } from '../../terminal/output.ts';
import { abortOnInterrupt } from '../interrupt.ts';

export type CrashTestArguments = {
  minutes: string;
  seed?: string;
  brokers: string;
  faults?: string;
  page?: boolean;
  out?: string;
  json?: boolean;
};

export function register(program: Command): void {
  withJson(withCrashTestOptions(program.command('crash-test')))
    .description('break a system under load, and tell what it lost, repeated or invented')
    .argument('<system>', 'a folder with a system.yaml, or a name from ./lab systems')
    .option('--page', 'show it on a page while it goes on, on LAB_PORT')
    .option('--out <folder>', 'where report and logs go; by default a folder of its own in results/')
    .addHelpText(
      'after',
      `\nExit code 0: its claim held (without a claim: nothing was lost, and it came back); 1: it did not; 2: a wrong file, or a system that\ndoes not start; 3: the run reached too little to tell, or what was found may be Kafka's\ndoing (KAFKA-20734).\n\nWith KAFKA_BROKERS it runs on that Kafka: no broker is struck, and what it made there is removed.\n\nExamples:\n  ./lab crash-test python-autocommit\n  ./lab crash-test ./my-service --minutes 10 --seed 7\n  ./lab crash-test ./my-service --page\n\nA system of your own: docs/your-own-consumer.md`,
    )
    .action(run);
}

/** Options that a comparison has too. */
export const withCrashTestOptions = (command: Command): Command =>
  command
    .option('--minutes <n>', 'how long the storm lasts', '3')
    .option('--seed <seed>', 'the same seed draws the same faults; drawn by default')
    .option('--brokers <n>', '1 or 3 brokers', '1')
    .option('--faults <kinds>', `only these, with commas: ${faultKinds.join(', ')}`);

async function run(wanted: string, options: CrashTestArguments): Promise<void> {
  const { result, folder } = await runCrashTest(wanted, options, abortOnInterrupt());
  if (options.json) printJson<'crash-test'>(resultJson(result, join(folder, 'report.html')));
  else show(result, folder);
  if (result.outcome === 'not-held') process.exitCode = exitCodes.failed;
  if (result.outcome === 'inconclusive') process.exitCode = exitCodes.inconclusive;
}

/** @returns what came out, with the folder that holds report and logs */
export async function runCrashTest(
  wanted: string,
  options: CrashTestArguments,
  signal: AbortSignal,
): Promise<{ result: CrashTestResult; folder: string }> {
  const settings = readSettings();
  const checked = { minutes: minutesOf(options.minutes), brokers: brokersOf(options.brokers), ...kindsOf(options.faults) };
  const page = options.page ? { page: (run: Parameters<typeof serveRun>[0]) => serveRun(run, settings) } : {};
  const theirs = settings.kafkaBrokers === undefined ? {} : { theirs: settings };
  if (settings.kafkaBrokers !== undefined) refuseBrokerFaults(settings.kafkaBrokers, checked);
  const system = readSystem(findSystem(wanted));
  requirePrograms(system);
  const at = new Date().toISOString().replaceAll(':', '-');
  const folder = resolve(options.out ?? join(settings.metricsDir, 'crash-tests', system.name, at));
  try {
    const say = (line: string): void => note(`${system.name}: ${line}`);
    await buildPageIfStale(say);
    const result = await crashTest({ ...checked, ...theirs, ...page, system, seed: options.seed ?? newSeed(), folder, say, signal });
    writeCrashReport(folder, result, findRuns(settings.metricsDir));
    if (options.out === undefined) writeIndex(settings.metricsDir);
    return { result, folder };
  } catch (error) {
    throw signal.aborted ? interrupted() : error;
  }
}

function show(result: CrashTestResult, folder: string): void {
  print();
  printTable(['', 'COUNT', ''], verdictRows(result));
  print();
  printTable(
    ['SOMETIMES', 'TIMES', 'NEEDED'],
    result.sometimes.map(({ situation, times, needed }) => [situation, times, needed]),
  );
  if (result.faults.length > 0) print();
  if (result.faults.length > 0) printTable(upper(costColumns), costRows(result));
  const said = [...result.notBack, ...result.remarks];
  if (said.length > 0) print(`\n${said.join('\n')}`);
  if (result.firstFindings.length > 0) print();
  for (const { jepsen, id, text } of result.firstFindings) print(`${anomalyText(jepsen)} ${id}: ${text}`);
  print(`\n${result.system}: ${verdictLine(result)}`);
  print(`seed ${result.seed}; report: ${join(folder, 'report.html')}`);
}

const upper = (columns: readonly string[]): string[] => columns.map((column) => column.toUpperCase());

function refuseBrokerFaults(address: string, { brokers, kinds }: { brokers: number; kinds?: FaultKind[] }): void {
  const asked = brokers === 3 ? '--brokers 3' : kinds?.includes('broker') ? '--faults broker' : undefined;
  if (asked !== undefined)
    throw usageError(`${asked} is not allowed with KAFKA_BROKERS=${address}: that Kafka is not the lab's own, its brokers are left alone`);
}

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (text.trim() !== '' && minutes >= 0.1 && minutes <= 1440) return minutes;
  throw usageError(`--minutes ${text} is not allowed: a number from 0.1 to 1440`);
}

function brokersOf(text: string): 1 | 3 {
  if (text === '1' || text === '3') return text === '1' ? 1 : 3;
  throw usageError(`--brokers ${text} is not allowed: 1 or 3`);
}

function kindsOf(text: string | undefined): { kinds?: FaultKind[] } {
  if (text === undefined) return {};
  const given = text.split(',').map((kind) => kind.trim());
  const wrong = given.filter((kind) => !faultKinds.some((one) => one === kind));
  if (wrong.length > 0) throw usageError(`--faults ${wrong.join(',')} is not allowed: ${faultKinds.join(', ')}`);
  return { kinds: faultKinds.filter((kind) => given.includes(kind)) };
}

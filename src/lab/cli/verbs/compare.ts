/** `./lab compare <system>...`: the same storm for each, one after the other, and their verdicts side by side. */

import { join } from 'node:path';
import type { Command } from 'commander';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { newSeed } from '../../crash-test/faults/seeded.ts';
import { type CrashTestResult, resultJson } from '../../crash-test/report/result.ts';
import { exitCodes } from '../../terminal/exit-codes.ts';
import { errorText, note, print, printJson, printTable, withJson } from '../../terminal/output.ts';
import { abortOnInterrupt } from '../interrupt.ts';
import { type CrashTestArguments, runCrashTest, withCrashTestOptions } from './crash-test.ts';

export function register(program: Command): void {
  withJson(withCrashTestOptions(program.command('compare')))
    .description('crash-test several systems in the same storm, and put their verdicts side by side')
    .argument('<systems...>', 'folders with a system.yaml, or names from ./lab systems')
    .addHelpText(
      'after',
      '\nExit code 0: every claim held. One whose toolchain is missing is skipped.\n\nExample:\n  ./lab compare python-autocommit python-transactions --minutes 5',
    )
    .action(compare);
}

type Entry = { system: string; result?: CrashTestResult; report?: string; error?: string; skipped?: true };

async function compare(systems: readonly string[], options: CrashTestArguments): Promise<void> {
  const signal = abortOnInterrupt();
  const seed = options.seed ?? newSeed();
  const entries: Entry[] = [];
  for (const system of systems) {
    try {
      const { result, folder } = await runCrashTest(system, { ...options, seed }, signal);
      entries.push({ system: result.system, result, report: join(folder, 'report.html') });
    } catch (error) {
      // One that does not start is a row of its own, and so is one whose toolchain is missing: that is no fault of it.
      if (signal.aborted || !(error instanceof ReplaygroundError)) throw error;
      note(errorText(error, false));
      entries.push({ system, error: error.message, ...(error.code === 'toolchain-missing' && { skipped: true }) });
    }
  }
  if (options.json)
    printJson<'compare'>(
      entries.map(({ system, result, report = '', error }) => (result ? resultJson(result, report) : { system, error })),
    );
  else show(entries, seed);
  if (!entries.every(({ result, skipped }) => skipped || result?.outcome === 'held')) process.exitCode = exitCodes.failed;
}

function show(entries: readonly Entry[], seed: string): void {
  print();
  printTable(
    ['SYSTEM', 'CLAIMS', 'BEHAVES AS', 'LOST', 'REPEATED', 'INVENTED', 'OUT OF ORDER', 'STALLED', 'CAME BACK', 'FAULTS', 'OUTCOME'],
    entries.map(({ system, result, skipped }) => {
      if (!result) return [system, null, null, null, null, null, null, null, null, null, skipped ? 'skipped' : 'did not run'];
      const { claim, behavesAs, lost, repeated, invented, outOfOrder, stalledSec, cameBack } = result.verdict;
      const counts = [lost, repeated, invented, outOfOrder];
      return [system, claim, behavesAs, ...counts, `${stalledSec} s`, cameBack ? 'yes' : 'NO', result.faults.length, result.outcome];
    }),
  );
  print(`\nseed ${seed}`);
}

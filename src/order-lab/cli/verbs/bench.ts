/** `./lab bench`: ours against its peers on one broker, and the figures that the project promises. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { watchInterrupts } from '../../../lab/cli/interrupt.ts';
import { wholeNumber } from '../../../lab/cli/numbers.ts';
import { usageError } from '../../../lab/terminal/exit-codes.ts';
import { note, withJson } from '../../../lab/terminal/output.ts';
import { projectRoot } from '../../../pipeline/settings/read-settings.ts';

/** The parts, in the order in which they run. */
export const partNames = [
  'produce',
  'exactly-once',
  'throttled',
  'view',
  'replay',
  'restart',
  'http',
  'latency',
  'burst',
  'memory',
  'ledger',
  'up',
  'scale',
] as const;
export type PartName = (typeof partNames)[number];

/** Takes long with many orders, so it runs only when it is asked for. */
const onlyWhenAsked: readonly PartName[] = ['scale'];
/** What can be seen in about a minute. */
const quickParts: readonly PartName[] = ['produce', 'exactly-once', 'view', 'http', 'latency', 'burst'];

export type BenchOptions = {
  parts: readonly PartName[];
  quick: boolean;
  rounds: number;
  orders: number | undefined;
  scaleTo: number | undefined;
  json: boolean;
  keep: boolean;
  /** Folder of RESULTS.md, results.json and charts/; undefined for the usual one. */
  out: string | undefined;
  signal: AbortSignal;
  say: (line: string) => void;
};

type Flags = {
  only?: string;
  rounds?: string;
  orders?: string;
  scaleTo?: string;
  quick?: boolean;
  out?: string;
  keep?: boolean;
  json?: boolean;
};

export function register(program: Command): void {
  withJson(program.command('bench'))
    .description('measure ours against its peers on one broker, and what the project promises')
    .option('--only <parts>', `some of ${partNames.join(',')}; without it all but ${onlyWhenAsked}`)
    .option('--rounds <n>', 'runs of each contender that count (5; with --quick 1)')
    .option('--orders <n>', 'orders of a run (300000; where it is about many orders, 1000000)')
    .option('--scale-to <n>', 'most orders of the part scale (1000000)')
    .option('--quick', 'one small round of the main parts, about a minute: to see it run, not to compare')
    .option('--out <folder>', 'where RESULTS.md, results.json and charts/ go (bench/; with --quick results/bench-quick/)')
    .option('--keep', 'leave data and logs of the runs where they are')
    .addHelpText(
      'after',
      '\nParts that are left out keep their last results. Exit code 1: a run failed or outputs differ; a missed target is shown, but is none.\n\nExamples:\n  ./lab bench --quick\n  ./lab bench --only produce,http --rounds 7\n  ./lab bench --only scale --scale-to 10000000',
    )
    .action(bench);
}

async function bench({ only, rounds, orders, scaleTo, quick = false, out, keep = false, json = false }: Flags): Promise<void> {
  const { stop: signal } = watchInterrupts();
  const options: BenchOptions = {
    parts: chosenParts(only, quick),
    quick,
    rounds: rounds === undefined ? (quick ? 1 : 5) : wholeNumber('--rounds', rounds, 1, 1000),
    orders: orders === undefined ? undefined : wholeNumber('--orders', orders, 1000, 10_000_000),
    scaleTo: scaleTo === undefined ? undefined : wholeNumber('--scale-to', scaleTo, 10_000, 10_000_000),
    json,
    keep,
    out,
    signal,
    say: note,
  };
  // By its path: the compiled command line in dist/ has no bench/ beside it.
  const { runBench } = (await import(pathToFileURL(join(projectRoot, 'bench', 'run-bench.ts')).href)) as {
    runBench: (options: BenchOptions) => Promise<void>;
  };
  await runBench(options);
}

function chosenParts(only: string | undefined, quick: boolean): PartName[] {
  const usual = quick ? quickParts : partNames.filter((name) => !onlyWhenAsked.includes(name));
  const wanted = only === undefined ? usual : only.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !partNames.includes(name as PartName));
  if (unknown.length > 0) throw usageError(`--only ${unknown.join(',')} is not allowed: some of ${partNames.join(',')}`);
  return partNames.filter((name) => wanted.includes(name));
}

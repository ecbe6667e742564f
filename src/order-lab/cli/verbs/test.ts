/** `./lab test`: the tests, all against one Kafka that is started for them. */
import { globSync, mkdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { run as runTests } from 'node:test';
import { spec } from 'node:test/reporters';
import type { Command } from 'commander';
import { execa } from 'execa';
import { type Broker, startBroker } from '../../../lab/broker/start.ts';
import { abortOnInterrupt } from '../../../lab/cli/interrupt.ts';
import { wholeNumber } from '../../../lab/cli/numbers.ts';
import { clearLeftFolders, makeTempFolder } from '../../../lab/processes/temp-folder.ts';
import { interrupted, usageError } from '../../../lab/terminal/exit-codes.ts';
import { note, print } from '../../../lab/terminal/output.ts';
import { projectRoot, readSettings } from '../../../pipeline/settings/read-settings.ts';
import { inRunOrder } from '../test-order.ts';

export function register(program: Command): void {
  program
    .command('test')
    .description('run the tests, against a Kafka started for them, or against KAFKA_BROKERS')
    .argument('[files...]', 'test files, or folders of them; without any, all of test/')
    .option('--beside <n>', 'how many files run at the same time: by default one more than there are cores')
    .option('--name <pattern>', 'only tests whose name fits this regular expression')
    .option('--mutants', 'instead: turn off each safeguard in a copy, and see which storm test notices')
    .addHelpText('after', '\nExample:\n  ./lab test test/kafka/groups/lag.test.ts')
    .action(test);
}

const folderPrefix = 'replayground-test-';

/** Most files wait for sessions, deadlines and starts for half of their time; more than these at once only wait for each other. */
const mostBeside = 8;

type Options = { name?: string; mutants?: boolean; beside?: string };

async function test(given: readonly string[], { name, mutants, beside }: Options): Promise<void> {
  const concurrency = beside === undefined ? Math.min(availableParallelism() + 1, mostBeside) : wholeNumber('--beside', beside, 1, 64);
  const signal = abortOnInterrupt();
  const found = (given.length > 0 ? given : [join(projectRoot, 'test')]).map((place) => ({ place, files: testFilesIn(place) }));
  const missing = found.flatMap(({ place, files }) => (files.length === 0 ? [place] : []));
  if (missing.length > 0) throw usageError(`there is no test file ${missing.join(', ')}`);
  const files = [...new Set(found.flatMap((one) => one.files))];
  await clearLeftFolders(folderPrefix, note);
  const folder = makeTempFolder(folderPrefix);
  useTemporaryFolder(join(folder.path, 'tmp'));
  let broker: Broker | undefined;
  try {
    const { kafkaBrokers } = readSettings();
    if (kafkaBrokers === undefined) broker = await startBroker({ home: join(folder.path, 'kafka'), port: 0, onProgress: note, signal });
    process.env.KAFKA_BROKERS = broker?.brokers ?? kafkaBrokers;
    if (mutants) await runMutants(signal);
    else await runAll(inRunOrder(files, projectRoot), { name, concurrency, signal });
  } catch (error) {
    throw signal.aborted ? interrupted() : error;
  } finally {
    if (!signal.aborted) await broker?.stop();
    const left = await folder.remove();
    if (signal.aborted) note(`interrupted by ${signal.reason}: nothing is left of the tests`);
    else if (left > 0)
      note(`the tests left ${left} ${left === 1 ? 'process' : 'processes'} behind, which ${left === 1 ? 'was' : 'were'} ended`);
  }
  if (signal.aborted) throw interrupted();
}

/** @returns the file, those that the pattern fits, or all in the folder and below, sorted */
function testFilesIn(place: string): string[] {
  const below = (path: string): string[] => (statSync(path).isDirectory() ? globSync(join(path, '**/*.test.ts')) : [path]);
  return globSync(resolve(place)).flatMap(below).sort();
}

/** All that the tests make goes there, and is found by it: their folders, and what runs in them, children of children too. */
function useTemporaryFolder(path: string): void {
  mkdirSync(path);
  process.env.TMPDIR = path;
}

/** A program of its own: it is no part of what ships. Sets the exit code. */
async function runMutants(signal: AbortSignal): Promise<void> {
  const args = ['--disable-warning=ExperimentalWarning', join(projectRoot, 'test/storms/mutants.ts')];
  const { exitCode } = await execa(process.execPath, args, { stdio: 'inherit', reject: false, cancelSignal: signal });
  process.exitCode = exitCode ?? 1;
}

/** A broker of one test lives for seconds: its start is most of what it costs, and the second compiler is half of that. */
const shortLivedBrokers = (): void => {
  process.env.KAFKA_JVM_PERFORMANCE_OPTS ??= '-XX:TieredStopAtLevel=1';
};

type RunOptions = { name: string | undefined; concurrency: number; signal: AbortSignal };

/** Each file in a process of its own; sets the exit code. */
async function runAll(files: string[], { name, concurrency, signal }: RunOptions): Promise<void> {
  shortLivedBrokers();
  // The runner writes on the reason, and dies of one that is no object: the name of the signal, for one (Node 24.21).
  const called = new AbortController();
  signal.addEventListener('abort', () => called.abort());
  const stream = runTests({
    files,
    concurrency,
    cwd: projectRoot,
    signal: called.signal,
    ...(name && { testNamePatterns: [new RegExp(name)] }),
  });
  let line = '';
  let failedSoFar = 0;
  const done: FileTime[] = [];
  stream.on('test:fail', ({ name, details }) => {
    const { signal: by } = details.error as { signal?: NodeJS.Signals | null };
    if (by && !signal.aborted) note(`lab: the process of ${relative(projectRoot, name)} was ended by ${by}`);
  });
  stream.on('test:summary', ({ file, counts, duration_ms: ms, success }) => {
    if (file !== undefined) {
      done.push({ file, ms });
      failedSoFar += success ? 0 : 1;
      const broken = failedSoFar === 0 ? '' : `, ${failedSoFar} with failures`;
      if (files.length > 1) note(`lab: ${done.length} of ${files.length} files done${broken}`);
      return;
    }
    const skipped = counts.skipped + counts.todo;
    line = `tests ${counts.tests}, passed ${counts.passed}, failed ${counts.tests - counts.passed - skipped - counts.cancelled}, cancelled ${counts.cancelled}, skipped ${skipped}, in ${(ms / 1000).toFixed(1)} s`;
    if (!success) process.exitCode = 1;
  });
  const shown = (async () => {
    for await (const text of stream.compose(spec)) {
      // What is told from then on is that every test was called off, with a stack each.
      if (signal.aborted) return;
      process.stdout.write(text as string);
    }
  })();
  shown.catch(() => {});
  // The runner ends its processes when it is called off, but not always its stream.
  await Promise.race([shown, whenAborted(signal)]);
  if (line && files.length > 1) note(`lab: the longest files: ${longestFiles(done)}`);
  if (line) print(line);
}

type FileTime = { file: string; ms: number };

/** Where the time of a run goes, in a line. */
const longestFiles = (times: readonly FileTime[]): string =>
  times
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, 5)
    .map(({ file, ms }) => `${relative(projectRoot, file)} ${Math.round(ms / 1000)} s`)
    .join(', ');

const whenAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));

/** `./lab test`: the tests, all against one Kafka that is started for them. */
import { globSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run as runTests } from 'node:test';
import { spec } from 'node:test/reporters';
import type { Command } from 'commander';
import { execa } from 'execa';
import { type Broker, startBroker } from '../broker/start.ts';
import { projectRoot, readSettings } from '../settings/read-settings.ts';
import { interrupted, usageError } from './exit-codes.ts';
import { abortOnInterrupt } from './interrupt.ts';
import { note, print } from './output.ts';

export function register(program: Command): void {
  program
    .command('test')
    .description('run the tests, against a Kafka started for them, or against KAFKA_BROKERS')
    .argument('[files...]', 'test files; without any, all of test/')
    .option('--name <pattern>', 'only tests whose name fits this regular expression')
    .option('--mutants', 'instead: turn off each safeguard in a copy, and see which storm test notices')
    .addHelpText('after', '\nExample:\n  ./lab test test/kafka/lag.test.ts')
    .action(test);
}

async function test(given: readonly string[], { name, mutants }: { name?: string; mutants?: boolean }): Promise<void> {
  const signal = abortOnInterrupt();
  const files = given.length > 0 ? given.map((file) => resolve(file)) : globSync('test/**/*.test.ts', { cwd: projectRoot }).sort();
  const missing = given.filter((file) => globSync(resolve(file)).length === 0);
  if (missing.length > 0) throw usageError(`there is no test file ${missing.join(', ')}`);
  const home = mkdtempSync(join(tmpdir(), 'replayground-test-'));
  let broker: Broker | undefined;
  try {
    const { kafkaBrokers } = readSettings();
    if (kafkaBrokers === undefined) broker = await startBroker({ home, port: 0, onProgress: note, signal });
    process.env.KAFKA_BROKERS = broker?.brokers ?? kafkaBrokers;
    if (mutants) await runMutants(signal);
    else await runAll(files, name, signal);
  } catch (error) {
    throw signal.aborted ? interrupted() : error;
  } finally {
    await broker?.stop();
    await rm(home, { recursive: true, force: true });
  }
  if (signal.aborted) throw interrupted();
}

/** A program of its own: it is no part of what ships. Sets the exit code. */
async function runMutants(signal: AbortSignal): Promise<void> {
  const args = ['--disable-warning=ExperimentalWarning', join(projectRoot, 'test/storms/mutants.ts')];
  const { exitCode } = await execa(process.execPath, args, { stdio: 'inherit', reject: false, cancelSignal: signal });
  process.exitCode = exitCode ?? 1;
}

/** Each file in a process of its own; sets the exit code. */
async function runAll(files: string[], name: string | undefined, signal: AbortSignal): Promise<void> {
  const stream = runTests({ files, concurrency: 2, cwd: projectRoot, signal, ...(name && { testNamePatterns: [new RegExp(name)] }) });
  let line = '';
  stream.on('test:summary', ({ file, counts, duration_ms: ms, success }) => {
    if (file !== undefined) return;
    const skipped = counts.skipped + counts.todo;
    line = `tests ${counts.tests}, passed ${counts.passed}, failed ${counts.tests - counts.passed - skipped - counts.cancelled}, cancelled ${counts.cancelled}, skipped ${skipped}, in ${(ms / 1000).toFixed(1)} s`;
    if (!success) process.exitCode = 1;
  });
  const shown = (async () => {
    for await (const text of stream.compose(spec)) process.stdout.write(text as string);
  })();
  // The runner ends its processes when it is called off, but not always its stream.
  await Promise.race([shown, whenAborted(signal)]);
  if (line) print(line);
}

const whenAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));

/** Runs the chosen parts one after the other, on one broker at a time, and writes down what each of them found as soon as it is over. */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connectAdmin } from '../src/kafka/client/connect.ts';
import { ReplaygroundError } from '../src/kafka/errors.ts';
import { startBroker } from '../src/lab/broker/start.ts';
import { interrupted } from '../src/lab/terminal/exit-codes.ts';
import { printJson } from '../src/order-lab/answers/print-answer.ts';
import type { BenchOptions, PartName } from '../src/order-lab/cli/verbs/bench.ts';
import { projectRoot, readSettings } from '../src/pipeline/settings/read-settings.ts';
import type { Bench } from './bench.ts';
import { describeEnvironment, type Load, loadNow } from './environment.ts';
import { buildPeer } from './kafka-streams-peer.ts';
import { type Part, parts } from './parts.ts';
import { renderTable } from './report/table.ts';
import { writeReport } from './report/write-report.ts';
import type { PartResult } from './result.ts';
import { sizesFor } from './sizes.ts';

/**
 * @throws ReplaygroundError `interrupted` after Ctrl-C, `bench-not-held` when a part failed or a check did not hold
 */
export async function runBench(options: BenchOptions): Promise<void> {
  const folder = resolve(options.out ?? (options.quick ? join(readSettings().metricsDir, 'bench-quick') : join(projectRoot, 'bench')));
  await mkdir(folder, { recursive: true });
  const home = await mkdtemp(join(tmpdir(), 'replayground-bench-'));
  // On exit, so that Ctrl-C leaves nothing behind either; contenders that still run are killed before.
  process.once('exit', () => (options.keep ? options.say(`kept: ${home}`) : removeFolder(home)));
  const results: PartResult[] = [];
  const problems: string[] = [];
  const run: Run = {
    options,
    home,
    // Before anything of ours runs.
    load: await loadNow(),
    onResult: async (result) => {
      results.push(result);
      problems.push(...result.checks.filter(({ held }) => !held).map(({ claim }) => `${result.part}: not so: ${claim}`));
      await writeReport(folder, result);
    },
    onFailure: (part, error) => {
      options.say(`${part} failed: ${error.message}`);
      problems.push(`${part} failed: ${error.message}`);
    },
  };
  for (const on of ['broker', 'lab'] as const) {
    const names = options.parts.filter((name) => parts[name].on === on);
    if (names.length > 0) await runGroup(names, on, run);
    if (options.signal.aborted) throw interrupted();
  }
  if (options.json) printJson<'bench'>(results);
  else process.stdout.write(renderTable(results));
  options.say(`written: ${join(folder, 'RESULTS.md')}`);
  if (problems.length > 0) throw new ReplaygroundError('bench-not-held', problems.join('; '));
}

type Run = {
  options: BenchOptions;
  /** Folder of everything that the runs leave. */
  home: string;
  load: Load;
  onResult: (result: PartResult) => Promise<void>;
  onFailure: (part: PartName, error: Error) => void;
};

/** One part after the other; one that fails does not keep the others from their work. Ctrl-C ends it. */
async function runGroup(names: readonly PartName[], on: Part['on'], run: Run): Promise<void> {
  const { quick, rounds, orders, scaleTo, signal, say } = run.options;
  await buildPeer(say);
  await using broker =
    on === 'broker' ? await startBroker({ home: join(run.home, 'broker'), port: 0, onProgress: say, signal }) : undefined;
  const brokers = broker?.brokers ?? '';
  using connected = connectAdmin({ 'bootstrap.servers': brokers, 'client.id': 'bench-admin', log_level: 0 });
  await using cleanUps = new AsyncDisposableStack();
  const bench: Bench = {
    brokers,
    admin: connected.client,
    home: run.home,
    sizes: sizesFor(quick, orders, scaleTo),
    rounds,
    warmUp: !quick,
    defer: (cleanUp) => cleanUps.defer(cleanUp),
    say,
  };
  for (const [index, name] of names.entries()) {
    say(`${name} (${index + 1} of ${names.length}${on === 'lab' ? ' on a lab' : ''}): ${parts[name].title}`);
    try {
      await run.onResult(await unlessAborted(runPart(name, bench, run), signal));
    } catch (error) {
      if (signal.aborted) return;
      run.onFailure(name, error as Error);
    }
  }
}

async function runPart(name: PartName, bench: Bench, { load, options: { quick } }: Run): Promise<PartResult> {
  const measuredAt = new Date().toISOString();
  const started = performance.now();
  const measurePart = await parts[name].load();
  const findings = await measurePart(bench);
  const tookSec = (performance.now() - started) / 1000;
  const environment = await describeEnvironment();
  return { part: name, title: parts[name].title, measuredAt, tookSec, rounds: bench.rounds, quick, environment, load, ...findings };
}

/** What was called off goes on in the background until the process ends, and nobody wants its error. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => {});
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(interrupted());
    signal.addEventListener('abort', () => reject(interrupted()), { once: true });
  });
  aborted.catch(() => {});
  return Promise.race([work, aborted]);
}

const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });

/** Runs one scenario on a lab, from the empty pipeline to the last check, and gives back everything that was seen. */
import { mkdirSync } from 'node:fs';
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { Check } from '../../lab/report/check.ts';
import { interrupted } from '../../lab/terminal/exit-codes.ts';
import type { Connection } from './connection.ts';
import type { Scenario } from './define-scenario.ts';
import { ledgerOfRun } from './ledger-table.ts';
import { Recorder, type Watcher } from './recorder.ts';
import { type Rig, readBaseline } from './rig.ts';
import type { Sample } from './sample.ts';
import { startSampler } from './sampler.ts';
import { allSteps } from './steps/all-steps.ts';
import { saveLastMetrics } from './steps/save-metrics.ts';
import { lookAround } from './steps/waits.ts';

export type RunOptions = {
  lab: Connection;
  options: Record<string, string>;
  folder: string;
  cluster: Rig['cluster'];
  restartLab: Rig['restartLab'];
  watcher: Watcher & { onSample?: (sample: Sample) => void };
  signal: AbortSignal;
};

export type Outcome = Pick<Recorder, 'steps' | 'checks' | 'comparisons' | 'tables' | 'pictures'> & {
  samples: readonly Sample[];
  startMs: number;
  endMs: number;
  /** Whether the scenario ran to its end and every check held. */
  held: boolean;
};

/** For the charts: the lab at rest before and after. */
const looksAtRest = 2;

/**
 * @returns what was done, seen and checked; a step that fails ends the scenario and counts as a check that does not hold
 * @throws ReplaygroundError `interrupted`; `not-empty` where the pipeline has work left from before
 */
export async function runScenario(
  scenario: Scenario,
  { lab, options, folder, cluster, restartLab, watcher, signal }: RunOptions,
): Promise<Outcome> {
  mkdirSync(folder, { recursive: true });
  const recorder = new Recorder(watcher);
  const startMs = Date.now();
  const baseline = await readBaseline(lab);
  await requireEmpty(lab, baseline);
  await using sampler = startSampler(lab, (sample) => watcher.onSample?.(sample));
  // What a scenario leaves running when it fails, a load or a thaw to come, ends with it.
  const over = new AbortController();
  const rig: Rig = { lab, recorder, sampler, baseline, folder, signal: AbortSignal.any([signal, over.signal]), cluster, restartLab };
  const ended = Promise.withResolvers<never>();
  const onAbort = (): void => ended.reject(interrupted());
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal.aborted) throw interrupted();
    const run = scenario.run({
      lab: allSteps(rig),
      check: (claim, spec) => void recorder.check(claim, spec),
      compare: (title, before, after) => recorder.compare(title, before, after),
      table: (title, columns, rows) => recorder.table({ title, columns, rows }),
      picture: (picture) => void recorder.pictures.push(picture),
      sometimes: (situations) => recorder.sometimes(situations),
      say: (remark) => recorder.say(remark),
      options,
    });
    await Promise.race([run, ended.promise]);
    await moreSamples(sampler.samples, looksAtRest);
  } catch (error) {
    if (signal.aborted) throw interrupted();
    recorder.check('the scenario ran to its end', failureOf(recorder, error));
  } finally {
    over.abort();
    signal.removeEventListener('abort', onAbort);
    if (!signal.aborted) await saveLastMetrics(rig);
    if (!signal.aborted) recorder.table(await ledgerOfRun(rig));
    rig.lab.inspector[Symbol.dispose]();
  }
  if (recorder.checks.length === 0)
    recorder.check('the scenario checks something', { measured: 0, atLeast: 1, lookAt: 'a scenario calls check()' });
  const { steps, checks, comparisons, tables, pictures } = recorder;
  return {
    steps,
    checks,
    comparisons,
    tables,
    pictures,
    samples: sampler.samples,
    startMs,
    endMs: Date.now(),
    held: checks.every((check: Check) => check.held),
  };
}

function failureOf({ steps }: Recorder, error: unknown) {
  const failed = steps.find((step) => step.error !== undefined);
  const message = error instanceof Error ? error.message : String(error);
  const where = failed ? `step "${failed.what}"` : 'between two steps';
  return {
    measured: `${where}: ${message}`,
    expected: 'every step works',
    held: false,
    lookAt: './lab run with --keep, then ./lab ps and ./lab logs there',
  };
}

async function requireEmpty(lab: Connection, baseline: Rig['baseline']): Promise<void> {
  const { lag } = await lookAround({ lab, baseline });
  const busy = Object.entries(lag).filter(([, left]) => left !== 0);
  if (busy.length === 0) return;
  const left = busy.map(([service, records]) => `${service} has ${records} records left`).join(', ');
  throw new ReplaygroundError(
    'not-empty',
    `a scenario starts with an empty pipeline, but ${left}: wait for lag 0 (./lab lag --watch), then run it again`,
  );
}

async function moreSamples(samples: readonly Sample[], count: number): Promise<void> {
  const enough = samples.length + count;
  const end = Date.now() + 3000;
  while (samples.length < enough && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
}

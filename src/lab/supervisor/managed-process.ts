/** Keeps one program running: starts it, watches its health, starts it again when it crashes, until somebody stops it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessPhase, ProcessView } from '../wire/lab-state.ts';
import { backOffMs, crashesInARow } from './back-off.ts';
import { afterOwnExit, describeExit, type Exit, type Program, type Run } from './program.ts';

export type ManagedProcess = {
  readonly program: Program;
  view(): Omit<ProcessView, 'rssBytes'>;
  /** Wants it to run; nothing changes when it does already. A process that waits for its next start is started now. */
  start(): void;
  /** Settles when it is gone and will not be started again. */
  stop(): Promise<void>;
  /**
   * Settles when the process is gone and its state says so: whoever looks then sees no health of a dead process.
   * @returns whether there was a process to kill
   */
  kill(): Promise<boolean>;
};

export type Watch = {
  /** Called with each change of state. */
  onChange(view: Omit<ProcessView, 'rssBytes'>): void;
  /** Time between two looks at the health of a process (ms); less until it is healthy. */
  healthEveryMs?: number;
};

const firstHealthEveryMs = 100;
/** One slow answer on a busy machine is not an illness. */
const failuresUntilUnhealthy = 2;

/** @param watch who is told about it, and how often it is looked at */
export function manageProcess(program: Program, { onChange, healthEveryMs = 1000 }: Watch): ManagedProcess {
  let state: ProcessPhase = 'stopped';
  let detail: string | null = null;
  let since = new Date();
  let restarts = 0;
  let crashes = 0;
  let healthySince: number | undefined;
  let port: number | null = null;
  let run: Run | undefined;
  /** Settles when the end of the run under way shows in the state. */
  let over = Promise.withResolvers<void>();
  /** Aborted when nobody wants it to run any more. */
  let wanted: AbortController | undefined;
  let life = Promise.resolve();
  let skipWait = new AbortController();

  const view = () => ({
    name: program.name,
    service: program.service,
    state,
    pid: run?.pid ?? null,
    port,
    restarts,
    since: since.toISOString(),
    detail,
  });
  const enter = (next: ProcessPhase, why: string | null = null): void => {
    const changed = next !== state || (next === 'restarting' && why !== detail);
    detail = why;
    if (!changed) return;
    state = next;
    since = new Date();
    if (next === 'healthy') healthySince ??= Date.now();
    onChange(view());
  };

  /** One run from its start to its end. */
  const runOnce = async (stopped: AbortSignal): Promise<Exit | Error> => {
    healthySince = undefined;
    over = Promise.withResolvers<void>();
    try {
      enter('starting');
      run = await program.start(stopped);
      if (stopped.aborted) await run.stop();
      const ended = new AbortController();
      const exited = run.exited.finally(() => ended.abort());
      const { port: real } = await run.ready;
      port = real;
      void watchHealth(AbortSignal.any([stopped, ended.signal]));
      return await exited;
    } catch (error) {
      return run ? await run.exited : (error as Error);
    } finally {
      run = undefined;
      port = null;
    }
  };

  const watchHealth = async (over: AbortSignal): Promise<void> => {
    let failures = 0;
    while (!over.aborted) {
      const problem = await program.check(port);
      if (over.aborted) return;
      failures = problem === null ? 0 : failures + 1;
      if (problem === null) enter('healthy');
      else if (state === 'starting') detail = problem;
      else if (failures >= failuresUntilUnhealthy) enter('unhealthy', problem);
      await delay(state === 'starting' ? firstHealthEveryMs : healthEveryMs, undefined, { signal: over }).catch(() => {});
    }
  };

  const live = async (stopped: AbortSignal): Promise<void> => {
    await liveOn(stopped);
    over.resolve();
  };

  const liveOn = async (stopped: AbortSignal): Promise<void> => {
    while (!stopped.aborted) {
      const end = await runOnce(stopped);
      if (stopped.aborted) break;
      const reason = end instanceof Error ? end.message : describeExit(end);
      const verdict = end instanceof Error ? 'start again' : (program.afterExit ?? afterOwnExit)(end);
      if (verdict === 'asked to stop') return enter('stopped', 'it ended by itself: exit code 0');
      if (verdict === 'cannot start') return enter('crashed', `${reason}: it is not started again until you do`);
      crashes = crashesInARow(crashes, healthySince === undefined ? 0 : Date.now() - healthySince);
      const waitMs = backOffMs(crashes);
      crashes += 1;
      enter('restarting', `${reason}, next start in ${waitMs / 1000} s`);
      over.resolve();
      skipWait = new AbortController();
      await delay(waitMs, undefined, { signal: AbortSignal.any([stopped, skipWait.signal]) }).catch(() => {});
      if (!stopped.aborted) restarts += 1;
    }
    enter('stopped');
  };

  return {
    program,
    view,
    start() {
      if (wanted && !wanted.signal.aborted && state !== 'stopped' && state !== 'crashed') return skipWait.abort();
      wanted = new AbortController();
      const { signal } = wanted;
      crashes = 0;
      enter('starting');
      life = life.then(() => live(signal));
    },
    async stop() {
      wanted?.abort();
      if (run) {
        enter('stopping');
        await run.stop();
      }
      await life;
      enter('stopped');
    },
    async kill() {
      if (!run) return false;
      const { promise: gone } = over;
      run.kill();
      await gone;
      return true;
    },
  };
}

/** One program under measurement: a child process with its own folder and log, started and stopped the same way for all. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReplaygroundError } from '../src/errors.ts';

/** What to run. */
export type Command = { command: string; args: string[]; env?: Record<string, string> };

export type Contender = {
  /** `performance.now()` just before the process was started. */
  startedAtMs: number;
  /** Rejects when the process ends with an error before `stop()`; never resolves. */
  failed: Promise<never>;
  /** Resolves when the process has ended by itself without an error. */
  done: Promise<void>;
  stop(): Promise<void>;
};

const stopTimeoutMs = 30_000;

/** All that a contender inherits: a setting of ours that happens to be in the environment must not change a figure. */
const inherited = ['PATH', 'HOME', 'JAVA_HOME', 'LANG', 'TMPDIR', 'LAB_CACHE', 'LD_LIBRARY_PATH'];

/**
 * @param name for messages and the log file
 * @param folder own folder of this run; its output goes to `<name>.log` there
 */
export function startContender(name: string, { command, args, env }: Command, folder: string): Contender {
  mkdirSync(folder, { recursive: true });
  const logFile = join(folder, `${name}.log`);
  const log = openSync(logFile, 'w');
  const startedAtMs = performance.now();
  const own = Object.fromEntries(inherited.flatMap((variable) => (process.env[variable] ? [[variable, process.env[variable]]] : [])));
  const child = spawn(command, args, { env: { ...own, ...env }, stdio: ['ignore', log, log] });
  closeSync(log);
  const killWithUs = () => child.kill('SIGKILL');
  process.prependOnceListener('exit', killWithUs);
  let stopping = false;
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? `exit code ${code}`}`));
  });
  void ended.then(() => process.off('exit', killWithUs));
  const failed = new Promise<never>((_, reject) => {
    void ended.then((problem) => {
      if (problem === undefined || stopping) return;
      const lastLines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-8).join('\n');
      reject(new ReplaygroundError('bench-contender-failed', `${name} ${problem}; its last lines:\n${lastLines}`));
    });
  });
  failed.catch(() => {});
  return {
    startedAtMs,
    failed,
    done: ended.then((problem) => (problem === undefined ? undefined : failed)),
    stop: () => {
      stopping = true;
      return stopChild(child, ended);
    },
  };
}

async function stopChild(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(timer);
}

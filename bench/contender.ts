/** Programs under measurement: child processes with a folder and a log of their own, started and stopped the same way for all. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReplaygroundError } from '../src/kafka/errors.ts';

/** What to run. */
export type Command = { command: string; args: string[]; env?: Record<string, string> };

export type Contender = {
  /** `performance.now()` just before the first process was started. */
  startedAtMs: number;
  pids: number[];
  /** Rejects when a process ends with an error before `stop()`; never resolves. */
  failed: Promise<never>;
  /** Resolves when all processes have ended by themselves without an error. */
  done: Promise<void>;
  /** By the signal, SIGTERM where none is named, then SIGKILL when that takes too long. Safe to call twice. */
  stop(signal?: NodeJS.Signals): Promise<void>;
};

const stopTimeoutMs = 30_000;

/** All that a contender inherits: a setting of ours that happens to be in the environment must not change a figure. */
const inherited = ['PATH', 'HOME', 'JAVA_HOME', 'LANG', 'TMPDIR', 'LAB_CACHE', 'LD_LIBRARY_PATH', 'NODE_COMPILE_CACHE'];

/**
 * @param name for messages and the log files
 * @param commands one process each; they work together
 * @param folder own folder of this run
 */
export function startContenders(name: string, commands: readonly Command[], folder: string): Contender {
  const all = commands.map((command, index) => startContender(commands.length > 1 ? `${name}.${index + 1}` : name, command, folder));
  const failed = Promise.race(all.map((one) => one.failed));
  const done = Promise.all(all.map((one) => one.done)).then(() => undefined);
  for (const promise of [failed, done]) promise.catch(() => {});
  return {
    startedAtMs: Math.min(...all.map(({ startedAtMs }) => startedAtMs)),
    pids: all.flatMap(({ pids }) => pids),
    failed,
    done,
    stop: async (signal) => void (await Promise.all(all.map((one) => one.stop(signal)))),
  };
}

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
  const done = ended.then((problem) => (problem === undefined ? undefined : failed));
  for (const promise of [failed, done]) promise.catch(() => {});
  return {
    startedAtMs,
    pids: child.pid === undefined ? [] : [child.pid],
    failed,
    done,
    stop: (signal) => {
      stopping = true;
      return stopChild(child, ended, signal);
    },
  };
}

async function stopChild(child: ChildProcess, ended: Promise<unknown>, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(timer);
}

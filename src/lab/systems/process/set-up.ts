/** Runs the set-up commands of a system once, and again when they, or the files that they depend on, have changed. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { withoutSettings } from '../../../pipeline/settings/without-settings.ts';
import { lockFile } from '../../../pipeline/state/lock-file.ts';
import { defaultCacheDir } from '../../broker/jars.ts';
import type { System } from '../file/read-system.ts';
import type { ServiceFile } from '../file/system-schema.ts';
import { programIn } from './process-group.ts';
import { systemPath } from './toolchain.ts';

export type SetUpOptions = { say: (line: string) => void; signal: AbortSignal; cacheDir?: string };

const tellEveryMs = 10_000;

/**
 * What was set up is remembered in the user's cache, by the place of the system: nothing is written into its folder but by its commands.
 * @throws ReplaygroundError `system-not-set-up`: which command, and what it said last
 */
export async function setUpSystem(system: System, options: SetUpOptions): Promise<void> {
  if (!Object.values(system.services).some(({ setup }) => setup?.length)) return;
  const place = createHash('sha256').update(realpathSync(system.folder)).digest('hex').slice(0, 16);
  const memory = join(options.cacheDir ?? defaultCacheDir(), 'systems', place);
  mkdirSync(memory, { recursive: true });
  using _lock = await waitForLock(join(memory, 'set-up.lock'), options);
  for (const [name, service] of Object.entries(system.services)) {
    if (!service.setup?.length) continue;
    const stamp = join(memory, `${name}.set-up`);
    const wanted = fingerprint(system.folder, service);
    if (isSetUp(system.folder, service, stamp, wanted)) continue;
    for (const command of service.setup) await runStep(system.folder, name, command, join(memory, `${name}.log`), options);
    writeFileSync(stamp, [wanted, ...readdirSync(system.folder)].join('\0'));
  }
}

/** @returns a hash of the commands and of the files that they depend on */
export function fingerprint(folder: string, { setup = [], 'setup-from': files = [] }: ServiceFile): string {
  const hash = createHash('sha256').update(JSON.stringify(setup));
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(folder, file)));
  return hash.digest('hex');
}

/** What lay in the folder after the set-up may have been deleted since: what it made (`node_modules`, `target`), or the program itself. */
function isSetUp(folder: string, { command: [program = ''] }: ServiceFile, stamp: string, wanted: string): boolean {
  if (!existsSync(stamp)) return false;
  const [made, ...names] = readFileSync(stamp, 'utf8').split('\0');
  if (program.includes('/')) names.push(program);
  return made === wanted && names.every((name) => existsSync(resolve(folder, name)));
}

async function waitForLock(file: string, { say, signal }: SetUpOptions): Promise<Disposable> {
  for (let told = false; ; told = true) {
    const lock = lockFile(file);
    if (lock) return lock;
    if (!told) say('waiting for another run that sets this system up');
    await delay(200, undefined, { signal });
  }
}

async function runStep(folder: string, service: string, command: string[], log: string, { say, signal }: SetUpOptions): Promise<void> {
  const [program = '', ...args] = command;
  const what = `${service}: ${command.join(' ')}`;
  say(`setting up ${what}`);
  const started = Date.now();
  const timer = setInterval(() => say(`setting up ${what} (${Math.round((Date.now() - started) / 1000)} s)`), tellEveryMs);
  try {
    const { exitCode, all, shortMessage } = await execa(programIn(folder, program), args, {
      cwd: folder,
      env: { ...withoutSettings(process.env), PATH: systemPath() },
      extendEnv: false,
      reject: false,
      all: true,
      stdin: 'ignore',
      cancelSignal: signal,
      maxBuffer: 1024 * 1024,
    });
    signal.throwIfAborted();
    writeFileSync(log, all ?? '');
    if (exitCode === 0) return;
    const last = (all ?? '').trim().split('\n').at(-1) || shortMessage || 'no output';
    throw new ReplaygroundError('system-not-set-up', `${what} failed (exit code ${exitCode ?? 'none'}): ${last} (log: ${log})`);
  } finally {
    clearInterval(timer);
  }
}

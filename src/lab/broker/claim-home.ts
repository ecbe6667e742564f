/** Keeps a second broker off a data folder: Kafka's own lock comes only after both have written to the same metadata log. */
import { createHash } from 'node:crypto';
import { link, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { listProcesses } from '../processes/process-list.ts';

/** The right to start a broker on a folder; disposed once the broker runs or the start has failed. */
export type HomeClaim = AsyncDisposable & {
  /** For the broker's command line: by this it is found by whoever wants the same folder later, also after its lab died. */
  mark: string;
};

/**
 * @param home the broker's folder, which exists
 * @throws ReplaygroundError `data-folder-locked` when a broker runs on it, or is being started on it
 */
export async function claimHome(home: string): Promise<HomeClaim> {
  // A hash, because not every `ps` prints every character of a path.
  const mark = `-Dreplayground.home=${createHash('sha256')
    .update(await realpath(home))
    .digest('hex')
    .slice(0, 16)}`;
  const lockFile = join(home, 'starting.lock');
  await lock(home, lockFile);
  const running = (await listProcesses()).find(({ commandLine }) => commandLine.split(' ').includes(mark));
  if (running) {
    await rm(lockFile, { force: true });
    throw dataFolderLocked(home, running.pid);
  }
  return { mark, [Symbol.asyncDispose]: () => rm(lockFile, { force: true }) };
}

/**
 * @param home the folder that is in use
 * @param pid who uses it, where that is known
 */
export function dataFolderLocked(home: string, pid?: number): ReplaygroundError {
  const who = pid === undefined ? 'another broker' : `another broker (process ${pid})`;
  const message = `${who} is running on the data in ${home}: stop it, or set LAB_HOME to another folder`;
  return new ReplaygroundError('data-folder-locked', message, { retriable: true });
}

/** A link appears with its content in it, or not at all: nobody reads a lock without an owner. */
async function lock(home: string, lockFile: string): Promise<void> {
  const own = `${lockFile}.${process.pid}.${crypto.randomUUID()}`;
  await writeFile(own, String(process.pid));
  try {
    for (;;) {
      const owner = await link(own, lockFile).then(
        () => undefined,
        () => readFile(lockFile, 'utf8').catch(() => ''),
      );
      if (owner === undefined) return;
      if (owner !== '' && isAlive(Number(owner))) throw dataFolderLocked(home, Number(owner));
      // Left by a start that was killed. Renamed first: of two that find it, one gets it.
      await rename(lockFile, `${own}.stale`).catch(() => {});
      await rm(`${own}.stale`, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

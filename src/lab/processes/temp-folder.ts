/** A temporary folder for a lab or a test run, which goes away with all that works in it, even when its owner was killed. */
import { globSync, mkdtempSync, realpathSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFile } from '../../pipeline/state/lock-file.ts';
import { endProcessesIn } from './folder-processes.ts';

/** Locked by the owner for as long as it lives; a folder without it is nobody's to clear. */
const ownerFile = 'owner.lock';

/** A lock that nothing refers to any more is given back by the garbage collector. */
const held = new Set<Disposable>();

export type TempFolder = AsyncDisposable & {
  path: string;
  /** Leaves it, and what works in it, to the user: no later start clears it. */
  keep(): Promise<void>;
  /** Ends what works in it and deletes it. @returns how many processes were ended */
  remove(): Promise<number>;
};

/** @param prefix of its name, `replayground-run-` */
export function makeTempFolder(prefix: string): TempFolder {
  const path = mkdtempSync(join(realpathSync(tmpdir()), prefix));
  const lock = lockFile(join(path, ownerFile));
  if (lock) held.add(lock);
  const unlock = (): void => {
    if (lock && held.delete(lock)) lock[Symbol.dispose]();
  };
  const keep = async (): Promise<void> => {
    unlock();
    for (const file of globSync(`${ownerFile}*`, { cwd: path })) await rm(join(path, file), { force: true });
  };
  const remove = async (): Promise<number> => {
    const ended = await endProcessesIn(path);
    unlock();
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
    return ended;
  };
  return { path, keep, remove, [Symbol.asyncDispose]: async () => void (await remove()) };
}

/**
 * Clears the folders whose owners were killed before they could.
 * @param prefix as for {@link makeTempFolder}
 * @param say gets a line for each
 */
export async function clearLeftFolders(prefix: string, say: (line: string) => void): Promise<void> {
  const parent = realpathSync(tmpdir());
  for (const lock of globSync(`${prefix}*/${ownerFile}`, { cwd: parent })) {
    const path = join(parent, lock, '..');
    if (!isOurs(path)) continue;
    using taken = lockFile(join(parent, lock));
    if (!taken) continue;
    const ended = await endProcessesIn(path);
    say(`cleared ${path}, left by a run that was killed${ended > 0 ? `, with ${ended} ${ended === 1 ? 'process' : 'processes'}` : ''}`);
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** In a folder that all users share, a name says nothing. */
function isOurs(path: string): boolean {
  try {
    return statSync(path).uid === process.getuid?.();
  } catch {
    return false;
  }
}

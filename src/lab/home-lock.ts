/**
 * One supervisor per LAB_HOME, by a lock that the system takes back when the process dies, however it dies. A file with a
 * pid in it could not do that: the pid may belong to somebody else by now.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** File in LAB_HOME that is locked; it may stay there for ever. */
export const lockFileName = 'lab.lock';

/**
 * SQLite's exclusive lock on an empty database is a POSIX lock on every system that Node runs on.
 * @param home LAB_HOME, made when it does not exist
 * @returns the lock, or `undefined` when another process holds it
 */
export function lockHome(home: string): Disposable | undefined {
  mkdirSync(home, { recursive: true });
  const database = new DatabaseSync(join(home, lockFileName));
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return { [Symbol.dispose]: () => database.close() };
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === sqliteBusy) return undefined;
    throw error;
  }
}

const sqliteBusy = 5;

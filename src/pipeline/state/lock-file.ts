/**
 * A lock between processes that the system takes back when its holder dies, however it dies. A file with a pid in it could not do
 * that: the pid may belong to somebody else by now.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isOfDisk, resultCode, resultCodes, stateUnusable } from './disk-errors.ts';

/**
 * SQLite's exclusive lock on an empty database is a POSIX lock on every system that Node runs on.
 * @param path file to lock, made with its folder where missing; it may stay there for ever
 * @returns the lock, or `undefined` when another process holds it
 * @throws ReplaygroundError `state-unusable` where the disk does not take it
 */
export function lockFile(path: string): Disposable | undefined {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    const opened = new DatabaseSync(path);
    database = opened;
    opened.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return { [Symbol.dispose]: () => opened.close() };
  } catch (error) {
    database?.close();
    if (resultCode(error) === resultCodes.busy) return undefined;
    throw isOfDisk(error) ? stateUnusable(path, error as Error) : error;
  }
}

/**
 * A lock between processes that the system takes back when its holder dies, however it dies. A file with a pid in it could not do
 * that: the pid may belong to somebody else by now.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const sqliteBusy = 5;

/**
 * SQLite's exclusive lock on an empty database is a POSIX lock on every system that Node runs on.
 * @param path file to lock, made with its folder where missing; it may stay there for ever
 * @returns the lock, or `undefined` when another process holds it
 */
export function lockFile(path: string): Disposable | undefined {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return { [Symbol.dispose]: () => database.close() };
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === sqliteBusy) return undefined;
    throw error;
  }
}

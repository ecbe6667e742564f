/** Opens the SQLite file of a store. A store is a cache of the log: a file that is broken or of another log is made anew. */
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ReplaygroundError } from '../errors.ts';

export type OpenDatabaseOptions = {
  file: string;
  /** `CREATE TABLE IF NOT EXISTS ...` of the store. */
  tables: string;
  /** What the content belongs to: layout version, topic ids. Another identity than the stored one starts empty. */
  identity: string;
  /** Told why a file was thrown away. */
  onDiscard: (why: string) => void;
};

const identityTable = 'CREATE TABLE IF NOT EXISTS identity (value TEXT NOT NULL)';

/**
 * @returns the open database, with its tables
 * @throws ReplaygroundError `state-unusable` where the folder cannot be written
 */
export function openDatabase({ file, tables, identity, onDiscard }: OpenDatabaseOptions): DatabaseSync {
  const found = tryOpen(file, tables);
  if (found instanceof DatabaseSync) {
    const stored = found.prepare('SELECT value FROM identity').get()?.value;
    if (stored === identity) return found;
    if (stored === undefined) {
      found.prepare('INSERT INTO identity VALUES (?)').run(identity);
      return found;
    }
    found.close();
    onDiscard(`it belongs to another log or layout (${stored})`);
  } else {
    onDiscard(found.message);
  }
  discardDatabase(file);
  const fresh = tryOpen(file, tables);
  if (fresh instanceof Error) {
    throw new ReplaygroundError(
      'state-unusable',
      `the state file ${file} cannot be used: ${fresh.message}; check the folder's rights and free space`,
      {
        cause: fresh,
      },
    );
  }
  fresh.prepare('INSERT INTO identity VALUES (?)').run(identity);
  return fresh;
}

/** Deletes the file with its journals: the log gives everything back. */
export function discardDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true });
}

/** @returns whether SQLite says that the file itself is broken (SQLITE_CORRUPT, SQLITE_NOTADB) */
export const isCorrupt = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && [11, 26].includes((error.errcode as number) & 0xff);

/**
 * Runs the work in one database transaction.
 * @param database an open database
 * @param work writes; when it throws, nothing of it is kept
 */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function tryOpen(file: string, tables: string): DatabaseSync | Error {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const database = new DatabaseSync(file);
    // WAL with NORMAL: a crash or power cut loses at most the last transactions, never the order of them (sqlite.org/wal.html).
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000');
    database.exec(`${identityTable}; ${tables}`);
    database.prepare('SELECT value FROM identity').get();
    return database;
  } catch (error) {
    return error as Error;
  }
}

/** Opens the SQLite file of a store. A store is a cache of the log: a file that is broken or of another log is made anew. */
import { closeSync, existsSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { isOfDisk, resultCode, resultCodes, stateUnusable } from './disk-errors.ts';
import { type FileSums, sumFileOf, sumOfFile, sumOfRows, takeSums, writeSums } from './file-sum.ts';
import { changedText, checkInThread, type FileCheck, faultOfPages } from './page-check.ts';

export type OpenDatabaseOptions = {
  file: string;
  /** `CREATE TABLE IF NOT EXISTS ...` of the store. */
  tables: string;
  /** What the content belongs to: layout version, topic ids. Another identity than the stored one starts empty. */
  identity: string;
  /** Told why a file was thrown away. */
  onDiscard: (why: string) => void;
  /**
   * Small tables, where the others may grow large. Of a file of `largeFrom` bytes or more only these are checked before it is given out: see
   * {@link StateDatabase.checked}.
   */
  small?: readonly string[];
  largeFrom?: number;
};

/** Half a second of checking, or less. */
const usuallyLargeFrom = 64 * 1024 * 1024;

const identityTable = 'CREATE TABLE IF NOT EXISTS identity (value TEXT NOT NULL)';

/** A file that was closed in order is known again when it is opened. */
export class StateDatabase extends DatabaseSync {
  readonly #file: string;
  readonly #small: readonly string[];
  /** Of the check under way: nothing was written since the file had these sums, where it had any. */
  #checking: { sums: FileSums | undefined } | undefined;
  #descriptor: number | undefined;
  /**
   * Settles when all of it is known to be whole. Until then its small tables may be read, and nothing be written: what is looked up in a torn
   * table is not found. Rejects with ReplaygroundError `state-broken`.
   */
  checked: Promise<void> = Promise.resolve();

  /** @param descriptor of the same file, opened before; it is closed with the database */
  constructor(file: string, small: readonly string[], descriptor?: number) {
    super(file);
    this.#file = file;
    this.#small = small;
    this.#descriptor = descriptor;
  }

  override close(): void {
    const small = this.sumOfSmall();
    this.abandon();
    if (!this.#checking) writeSums(this.#file, { whole: sumOfFile(this.#file), small });
    else if (this.#checking.sums) writeSums(this.#file, this.#checking.sums);
  }

  /** @param sums that it had when it was closed in order; undefined after a crash */
  checkInThread(sums?: FileSums): void {
    const checking = { sums };
    this.#checking = checking;
    const closed: FileCheck['closed'] =
      sums && this.#descriptor !== undefined ? { descriptor: this.#descriptor, sum: sums.whole } : undefined;
    this.checked = checkInThread({ file: this.#file, closed }).then(() => {
      this.#checking = undefined;
    });
    this.checked.catch(() => {});
  }

  /** @returns the checksum of what the small tables say; undefined where there are none, or one cannot be read */
  sumOfSmall(): string | undefined {
    if (this.#small.length === 0) return undefined;
    try {
      return sumOfRows(this.#small.map((table) => this.prepare(`SELECT * FROM ${table}`).all()));
    } catch {
      return undefined;
    }
  }

  /** For a file in which something is wrong: it gets no checksum. */
  abandon(): void {
    super.close();
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

/**
 * @returns the open database, with its tables
 * @throws ReplaygroundError `state-unusable` where the folder cannot be written
 */
export function openDatabase(options: OpenDatabaseOptions): StateDatabase {
  const { file, identity, onDiscard } = options;
  const found = tryOpen(options);
  if (found instanceof StateDatabase) {
    const stored = found.prepare('SELECT value FROM identity').get()?.value;
    if (stored === identity) return found;
    if (stored === undefined) {
      found.prepare('INSERT INTO identity VALUES (?)').run(identity);
      return found;
    }
    found.close();
    onDiscard(`it belongs to another log or layout (${stored})`);
  } else {
    // A disk that is full now may take the file again later: nothing is wrong with the file.
    if (isOfDisk(found) && resultCode(found) !== resultCodes.ioError) throw stateUnusable(file, found);
    onDiscard(found.message);
  }
  discardDatabase(file);
  const fresh = tryOpen(options);
  if (fresh instanceof Error) throw stateUnusable(file, fresh);
  fresh.prepare('INSERT INTO identity VALUES (?)').run(identity);
  return fresh;
}

/** Deletes the file with its journals: the log gives everything back. */
export function discardDatabase(file: string): void {
  for (const path of [file, `${file}-wal`, `${file}-shm`, `${file}-journal`, sumFileOf(file)]) rmSync(path, { force: true });
}

/** @returns whether the file itself is broken: by what SQLite says (SQLITE_CORRUPT, SQLITE_NOTADB), or by a check */
export const isCorrupt = (error: unknown): boolean => {
  if (error instanceof ReplaygroundError) return error.code === 'state-broken';
  const code = resultCode(error);
  return code === resultCodes.corrupt || code === resultCodes.notADatabase;
};

/**
 * Runs the work in one database transaction.
 * @param database an open database
 * @param work writes; when it throws, nothing of it is kept
 * @throws ReplaygroundError `state-unusable` where the disk does not take it; what `work` throws
 */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  try {
    database.exec('BEGIN IMMEDIATE');
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw isOfDisk(error) ? stateUnusable(database.location() ?? 'in memory', error as Error) : error;
  }
}

function tryOpen({ file, tables, small = [], largeFrom = usuallyLargeFrom }: OpenDatabaseOptions): StateDatabase | Error {
  let database: StateDatabase | undefined;
  try {
    mkdirSync(dirname(file), { recursive: true });
    const sums = takeSums(file);
    const isLarge = small.length > 0 && existsSync(file) && statSync(file).size >= largeFrom;
    const isCheckedLater = isLarge && sums?.small !== undefined;
    if (sums && !isCheckedLater && sumOfFile(file) !== sums.whole) return new Error(changedText);
    database = new StateDatabase(file, small, isCheckedLater ? openSync(file, 'r') : undefined);
    // WAL with NORMAL: a crash or power cut loses at most the last transactions, never the order of them (sqlite.org/wal.html).
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000');
    if (!sums) requireWhole(database, isLarge ? small : []);
    if (isCheckedLater) {
      if (database.sumOfSmall() !== sums.small) throw new Error(changedText);
      database.checkInThread(sums);
    }
    database.exec(`${identityTable}; ${tables}`);
    database.prepare('SELECT value FROM identity').get();
    return database;
  } catch (error) {
    database?.abandon();
    return error as Error;
  }
}

/**
 * After a crash there is no checksum: at least the pages must fit together.
 * @param first tables that are checked here, and the rest in a thread; all of it here where there are none
 */
function requireWhole(database: StateDatabase, first: readonly string[]): void {
  const there = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const tables = first.filter((table) => there.some(({ name }) => name === table));
  const faults = tables.length > 0 ? tables.map((table) => faultOfPages(database, table)) : [faultOfPages(database)];
  const fault = faults.find((one) => one !== undefined);
  if (fault !== undefined) throw new Error(fault);
  if (tables.length > 0) database.checkInThread();
}

/** Whether the pages of a store fit together: a search in a torn tree finds nothing and says nothing. */
import { extname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { stateBroken } from './disk-errors.ts';

/**
 * Reads all pages, some 0.2 s for a million rows of ours (sqlite.org/pragma.html#pragma_quick_check).
 * @param table that alone, with its indexes
 * @returns what is wrong; undefined where nothing is
 */
export function faultOfPages(database: DatabaseSync, table?: string): string | undefined {
  const finding = database.prepare(`PRAGMA quick_check(${table ?? 1})`).get()?.quick_check;
  return finding === 'ok' ? undefined : `it is broken: ${String(finding).replaceAll(/\s+/g, ' ')}`;
}

export const changedText = 'it is not as it was when it was closed';

/** `closed`: where the file was closed in order, the sum that it had then, and where to read it: opened before SQLite did. */
export type FileCheck = { file: string; closed?: { descriptor: number; sum: string } | undefined };

/**
 * Checks a file that is open here, and that nobody writes to meanwhile, in a thread, which ends with the process: by its sum, where it was closed in
 * order, else by its pages.
 * @returns when all of it was read
 * @throws ReplaygroundError `state-broken`
 */
export async function checkInThread(check: FileCheck): Promise<void> {
  const worker = new Worker(join(import.meta.dirname, `page-check-thread${extname(import.meta.filename)}`), { workerData: check });
  worker.unref();
  const fault = await new Promise<string | undefined>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  if (fault !== undefined) throw stateBroken(check.file, fault);
}

/** Tells a file that is as it was closed from one that changed since: SQLite sees broken pages, but not a bit that flipped in a value. */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';

const chunkBytes = 1024 * 1024;

/** @returns where the checksum of a file stands */
export const sumFileOf = (file: string): string => `${file}.sum`;

/** Writes the checksum of a file that nobody writes to any more; none where the disk does not take it. */
export function writeSum(file: string): void {
  try {
    writeFileSync(sumFileOf(file), sumOf(file));
  } catch {
    rmSync(sumFileOf(file), { force: true });
  }
}

/**
 * Compares a file with its checksum and takes that away, since the file is about to change.
 * @returns `same`, `changed`, or `unknown` where there is no checksum: the last process did not close the file
 */
export function takeSum(file: string): 'same' | 'changed' | 'unknown' {
  const sumFile = sumFileOf(file);
  if (!existsSync(sumFile)) return 'unknown';
  const expected = readFileSync(sumFile, 'utf8');
  rmSync(sumFile);
  if (!existsSync(file)) return 'unknown';
  return sumOf(file) === expected ? 'same' : 'changed';
}

function sumOf(file: string): string {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(chunkBytes);
  const descriptor = openSync(file, 'r');
  try {
    for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk)) hash.update(chunk.subarray(0, read));
  } finally {
    closeSync(descriptor);
  }
  return hash.digest('hex');
}

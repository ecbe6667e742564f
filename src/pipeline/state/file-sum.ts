/** Tells a file that is as it was closed from one that changed since: SQLite sees broken pages, but not a bit that flipped in a value. */
import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';

const chunkBytes = 1024 * 1024;
/** A sum of another kind, as by another version, says nothing. */
const kind = 'crc32:';

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
  if (!existsSync(file) || !expected.startsWith(kind)) return 'unknown';
  return sumOf(file) === expected ? 'same' : 'changed';
}

/** CRC-32: what breaks by accident is found, and a gigabyte takes well below a second, as a stop and a start do. */
function sumOf(file: string): string {
  let sum = 0;
  const chunk = Buffer.alloc(chunkBytes);
  const descriptor = openSync(file, 'r');
  try {
    for (let read = readSync(descriptor, chunk); read > 0; read = readSync(descriptor, chunk)) sum = crc32(chunk.subarray(0, read), sum);
  } finally {
    closeSync(descriptor);
  }
  return `${kind}${sum}`;
}

/** Tells a file that is as it was closed from one that changed since: SQLite sees broken pages, but not a bit that flipped in a value. */
import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';

const chunkBytes = 1024 * 1024;
/** A sum of another kind, as by another version, says nothing. */
const kind = 'crc32:';

/** Of all bytes of the file, and of what its small tables say; that is not there where an older version closed it. */
export type FileSums = { whole: string; small: string | undefined };

/** @returns where the checksums of a file stand */
export const sumFileOf = (file: string): string => `${file}.sum`;

/** Writes the checksums of a file that nobody writes to any more; none where the disk does not take it. */
export function writeSums(file: string, { whole, small = '' }: FileSums): void {
  try {
    writeFileSync(sumFileOf(file), `${whole}\n${small}`);
  } catch {
    rmSync(sumFileOf(file), { force: true });
  }
}

/**
 * Takes the checksums away, since the file is about to change.
 * @returns them; undefined where there are none: the last process did not close the file
 */
export function takeSums(file: string): FileSums | undefined {
  const sumFile = sumFileOf(file);
  if (!existsSync(sumFile)) return undefined;
  const [whole = '', small = ''] = readFileSync(sumFile, 'utf8').split('\n');
  rmSync(sumFile);
  return existsSync(file) && whole.startsWith(kind) ? { whole, small: small || undefined } : undefined;
}

/** @returns the checksum of a file that is not open: for SQLite one that is must not be opened and closed beside it (sqlite.org/howtocorrupt.html) */
export function sumOfFile(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    return sumOfBytes(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** CRC-32: what breaks by accident is found, and a gigabyte takes well below a second of processor time. */
export function sumOfBytes(descriptor: number): string {
  let sum = 0;
  let at = 0;
  const chunk = Buffer.alloc(chunkBytes);
  for (let read = readSync(descriptor, chunk, 0, chunkBytes, at); read > 0; read = readSync(descriptor, chunk, 0, chunkBytes, at)) {
    sum = crc32(chunk.subarray(0, read), sum);
    at += read;
  }
  return `${kind}${sum}`;
}

/** @returns the checksum of rows, as text, of a small table after the other */
export const sumOfRows = (tables: readonly (readonly unknown[])[]): string =>
  `${kind}${tables.reduce((sum, rows) => crc32(JSON.stringify(rows), sum), 0)}`;

/** Tells a disk that does not take what is written from a file that is broken: the one may pass, the other is made anew. */
import { ReplaygroundError } from '../../kafka/errors.ts';

/** SQLite's primary result codes (sqlite.org/rescode.html). */
export const resultCodes = { perm: 3, busy: 5, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cantOpen: 14, notADatabase: 26 } as const;

const { perm, busy, readOnly, ioError, full, cantOpen } = resultCodes;
const ofDisk = new Set<number>([perm, busy, readOnly, ioError, full, cantOpen]);
const systemErrors = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EPERM', 'ENOTDIR', 'EEXIST', 'EIO']);

/** @returns SQLite's primary result code, undefined for an error that is not SQLite's */
export const resultCode = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error ? (error.errcode as number) & 0xff : undefined;

/** @returns whether the disk or the rights on it are what is wrong */
export function isOfDisk(error: unknown): boolean {
  const code = resultCode(error);
  return code === undefined ? systemErrors.has((error as NodeJS.ErrnoException).code ?? '') : ofDisk.has(code);
}

/** @returns what to tell of a file in which something is wrong: the next life begins without it */
export const stateBroken = (file: string, fault: string): ReplaygroundError =>
  new ReplaygroundError('state-broken', `the state file ${file} is made anew from the log: ${fault}`, { retriable: true });

/** @returns what to tell: which file, why, what to do */
export const stateUnusable = (file: string, cause: Error): ReplaygroundError =>
  new ReplaygroundError(
    'state-unusable',
    `the state file ${file} cannot be used: ${cause.message}; check the folder's rights and free space (state is a cache, nothing is lost)`,
    { cause },
  );

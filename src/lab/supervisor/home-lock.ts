/** One supervisor per LAB_HOME. */
import { join } from 'node:path';
import { lockFile } from '../../pipeline/state/lock-file.ts';

/** File in LAB_HOME that is locked; it may stay there for ever. */
export const lockFileName = 'lab.lock';

/**
 * @param home LAB_HOME, made when it does not exist
 * @returns the lock, or `undefined` when another process holds it
 */
export const lockHome = (home: string): Disposable | undefined => lockFile(join(home, lockFileName));

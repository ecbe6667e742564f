/** The name of a lab on command lines: how the processes of one LAB_HOME are told from those of another. */
import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';

/**
 * @param home LAB_HOME, made when it does not exist
 * @returns 12 hex digits, the same whatever way leads to that folder
 */
export function labIdOf(home: string): string {
  mkdirSync(home, { recursive: true });
  return createHash('sha256').update(realpathSync(home)).digest('hex').slice(0, 12);
}

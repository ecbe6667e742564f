/** What belongs to a lab in its LAB_HOME: so much may be deleted, and nothing else. */
import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { lockFileName } from './home-lock.ts';

/** The broker's data; the stores of the services, and what processes of other systems keep; what undoes an offset reset of them. */
export const dataEntries = ['kafka', 'state', 'systems', 'offset-backups'] as const;
export const logEntries = ['logs'] as const;
/** Metrics and reports, where METRICS_DIR does not say otherwise: evidence, which outlives the data. */
export const resultEntries = ['results'] as const;
const ownEntries: readonly string[] = [...dataEntries, ...logEntries, ...resultEntries];
/** Not deleted, since another process may hold the lock right now. */
const keptEntries = [lockFileName, `${lockFileName}-journal`, 'lab.json'];

/** @returns the folder for what processes of a system.yaml keep, each in one of its own */
export const systemsFolder = (home: string): string => join(home, 'systems');

/** @returns what is in the folder that no lab put there; empty for a folder that does not exist */
export function foreignEntries(home: string): string[] {
  if (!existsSync(home)) return [];
  return readdirSync(home).filter((name) => !ownEntries.includes(name) && !keptEntries.includes(name));
}

/** @throws ReplaygroundError `not-a-lab` when the folder holds something, but no lab ever ran there */
export function requireLabHome(home: string): void {
  if (!existsSync(home) || readdirSync(home).length === 0 || existsSync(join(home, lockFileName))) return;
  throw new ReplaygroundError('not-a-lab', `no lab ever ran in ${home}: nothing was deleted; check LAB_HOME`);
}

/**
 * Deletes the data of a lab that does not run.
 * @param home LAB_HOME; one that does not exist is fine
 * @param entries which of its folders
 * @returns the paths that were deleted
 * @throws ReplaygroundError `not-a-lab` when the folder holds things that no lab put there
 */
export async function deleteData(home: string, entries: readonly string[]): Promise<string[]> {
  const foreign = foreignEntries(home);
  if (foreign.length > 0) {
    const shown = `${foreign.slice(0, 3).join(', ')}${foreign.length > 3 ? ', ...' : ''}`;
    throw new ReplaygroundError(
      'not-a-lab',
      `${home} holds things that are not a lab's (${shown}): nothing was deleted; check LAB_HOME, or move them away`,
    );
  }
  const present = entries.map((name) => join(home, name)).filter((path) => existsSync(path));
  await Promise.all(present.map((path) => rm(path, { recursive: true, force: true })));
  return present;
}

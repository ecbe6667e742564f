/** Every reset leaves a file behind that can undo it, in the CSV of Kafka's own tool. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { ReplaygroundError } from '../errors.ts';
import type { PartitionOffset } from '../partition.ts';
import { formatOffsets, parseOffsets } from './csv.ts';
import type { PlanRow } from './plan.ts';

const folderOf = (home: string): string => join(home, 'offset-backups');

/** A group may be named anything; a file may not. */
const prefixOf = (group: string): string => `${encodeURIComponent(group)}-`;

const stampOf = (moment: Date): string => moment.toISOString().replaceAll(/[-:]/g, '');
const stamp = /^\d{8}T\d{6}\.\d{3}Z\.csv$/;

/**
 * @param home LAB_HOME
 * @param group whose offsets
 * @param rows what is about to change; -1 stands for: nothing was committed
 * @param now names the file
 * @returns path of the new file
 */
export function writeBackup(home: string, group: string, rows: readonly PlanRow[], now: Date): string {
  mkdirSync(folderOf(home), { recursive: true });
  const path = join(folderOf(home), `${prefixOf(group)}${stampOf(now)}.csv`);
  const offsets = rows.map(({ topic, partition, before }) => ({ topic, partition, offset: before ?? -1 }));
  writeFileSync(path, formatOffsets(offsets), { flag: 'wx' });
  return path;
}

/** @returns paths of the backups of a group, the oldest first */
export function listBackups(home: string, group: string): string[] {
  const prefix = prefixOf(group);
  if (!existsSync(folderOf(home))) return [];
  return readdirSync(folderOf(home))
    .filter((name) => name.startsWith(prefix) && stamp.test(name.slice(prefix.length)))
    .sort()
    .map((name) => join(folderOf(home), name));
}

/**
 * @param home LAB_HOME
 * @param group whose offsets
 * @param name file name in the folder of backups, or a path; undefined for the newest
 * @throws ReplaygroundError `no-backup`
 */
export function readBackup(home: string, group: string, name?: string): { path: string; offsets: PartitionOffset[] } {
  const inFolder = name === undefined ? listBackups(home, group).at(-1) : join(folderOf(home), name);
  const path = name !== undefined && (isAbsolute(name) || !existsSync(inFolder ?? '')) ? resolve(name) : inFolder;
  if (path === undefined || !existsSync(path)) {
    const what = name === undefined ? `no reset of the group '${group}' has left a backup` : `there is no file ${path}`;
    throw new ReplaygroundError('no-backup', `${what}: see ${folderOf(home)}`);
  }
  return { path, offsets: parseOffsets(readFileSync(path, 'utf8'), group).offsets };
}

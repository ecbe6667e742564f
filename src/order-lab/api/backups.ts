/** The files that resets left behind, for undoing them. */
import { basename } from 'node:path';
import { listBackups } from '../../kafka/offsets/backup.ts';
import type { Backups } from '../wire/all.ts';

const stamp = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3})Z\.csv$/;

/** @returns the newest first */
export const backupsOf = (labHome: string, group: string): Backups => ({
  group,
  backups: listBackups(labHome, group)
    .reverse()
    .map((path) => {
      const name = basename(path);
      const [, year, month, day, hour, minute, second] = stamp.exec(name) ?? [];
      return { name, at: `${year}-${month}-${day}T${hour}:${minute}:${second}Z` };
    }),
});

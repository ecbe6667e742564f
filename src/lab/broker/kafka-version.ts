/**
 * Keeps an older Kafka off the data of a newer one. Kafka's own files do not tell before it runs: an older one formats anew what was formatted
 * and never started, and elsewhere begins a term of office in the metadata before it meets the first record that it cannot read (4.3.1 on
 * data of 4.4.0). So the newest Kafka that was ever started on a home is noted beside its data.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ReplaygroundError } from '../../kafka/errors.ts';

const noteFile = 'kafka-version';

/**
 * Call it before anything else is written to the home. A home without a note is one of before there were notes: it is taken as it is.
 *
 * @param home the broker's folder, claimed by the caller
 * @param version the Kafka that is about to be started, `4.4.0`
 * @throws ReplaygroundError `data-folder-newer` where a newer one was started there; a newer patch of the same release is none
 */
export async function noteKafkaVersion(home: string, version: string): Promise<void> {
  const file = join(home, noteFile);
  const noted = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (isNewerRelease(noted, version)) throw dataFolderNewer(home, version, noted);
  if (noted === version) return;
  await writeFile(`${file}.new`, `${version}\n`);
  await rename(`${file}.new`, file);
}

/**
 * @param home the folder with the data
 * @param version the Kafka that cannot read them
 * @param newer the one that can, where that is known
 */
export function dataFolderNewer(home: string, version: string, newer?: string): ReplaygroundError {
  const whose = newer === undefined ? 'a newer Kafka' : `Kafka ${newer}`;
  const message = `the data in ${home} are those of ${whose}, and this lab has Kafka ${version}, which cannot read them: use the lab that wrote them, set LAB_HOME to another folder, or delete them with ./lab reset --yes`;
  return new ReplaygroundError('data-folder-newer', message);
}

/** @returns whether the first is of a later minor release than the second: patches of a release read each other's data */
export function isNewerRelease(one: string, other: string): boolean {
  const [major = 0, minor = 0] = numbers(one);
  const [otherMajor = 0, otherMinor = 0] = numbers(other);
  return major > otherMajor || (major === otherMajor && minor > otherMinor);
}

const numbers = (version: string): number[] => (/^\d+(\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number);

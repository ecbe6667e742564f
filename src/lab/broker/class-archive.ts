/**
 * Kafka's classes, loaded and checked, in one file that a JVM maps: a broker that starts with it takes half the processor time (JEP 350,
 * dynamic class data sharing). The first broker of a machine leaves it when it ends in order; broker and tools of every later start use it.
 */
import { createHash } from 'node:crypto';
import { copyFile, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exit } from './stop.ts';

/** The archive's own log is about classes that it leaves out: nobody can do anything about those, and tools print to the same place. */
const QUIET = '-Xlog:cds*=off';

/** Of one Java and one folder of jars: `prefix` begins the file's name, whose rest is its size in bytes. */
export type ArchivePlace = { folder: string; prefix: string };

/**
 * @param java the program, see `findJava`
 * @param folder of the jars
 * @returns where the archive is, or is to be: another Java or another folder has another name
 */
export async function archivePlace(java: string, folder: string): Promise<ArchivePlace> {
  const program = await realpath(java);
  const { mtimeMs, size } = await stat(program);
  const key = createHash('sha256').update(`${program} ${mtimeMs} ${size} ${folder}`).digest('hex').slice(0, 12);
  return { folder, prefix: `classes-${key}-` };
}

/** @returns flags that make a JVM use the archive; none where there is no whole one: a JVM crashes on one that is cut off */
export async function useArchive({ folder, prefix }: ArchivePlace): Promise<string[]> {
  const name = (await readdir(folder)).find((one) => one.startsWith(prefix) && one.endsWith('.jsa'));
  if (name === undefined) return [];
  const file = join(folder, name);
  const { size } = await stat(file).catch(() => ({ size: -1 }));
  return name === archiveName(prefix, size) ? [`-XX:SharedArchiveFile=${file}`, QUIET] : [];
}

const archiveName = (prefix: string, size: number): string => `${prefix}${size}.jsa`;

/** @returns flags that make a JVM leave an archive in `file` when it ends in order, which takes it two or three seconds */
export const recordArchive = (file: string): string[] => [`-XX:ArchiveClassesAtExit=${file}`, QUIET];

/**
 * Puts what a JVM left in its place. Without an archive all works as well, only slower: so nothing here fails.
 *
 * @param exit how that JVM ended: what it left is whole only when nothing but SIGTERM ended it
 * @param file see `recordArchive`; it is gone afterwards
 */
export async function keepArchive({ code, signal }: Exit, file: string, { folder, prefix }: ArchivePlace): Promise<void> {
  const part = join(folder, `${prefix}${process.pid}.part`);
  try {
    if (signal !== null || (code !== 0 && code !== 143)) return;
    if ((await useArchive({ folder, prefix })).length > 0) return;
    const { size } = await stat(file);
    await copyFile(file, part);
    await onDisk(part);
    await rename(part, join(folder, archiveName(prefix, size)));
  } catch {
    // No room, or a folder that cannot be written: the next broker tries again.
  } finally {
    await Promise.all([part, file].map((path) => rm(path, { force: true }).catch(() => {})));
  }
}

async function onDisk(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}

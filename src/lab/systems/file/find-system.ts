/** Finds a system by what a user calls it: a folder anywhere, its file, or the name of one that comes with the lab. */
import { existsSync, globSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { projectRoot } from '../../../pipeline/settings/read-settings.ts';

/** Folder of the systems that come with the lab. */
export const systemsFolder = join(projectRoot, 'systems');
const fileName = 'system.yaml';

/** @returns the files of the systems that come with the lab, by name */
export const ownSystems = (): string[] =>
  globSync(`*/${fileName}`, { cwd: systemsFolder })
    .sort()
    .map((file) => join(systemsFolder, file));

/**
 * @param wanted a folder, a `system.yaml`, or a name from `./lab systems`
 * @returns the path of its `system.yaml`
 * @throws ReplaygroundError `bad-system`
 */
export function findSystem(wanted: string): string {
  const path = resolve(wanted);
  if (existsSync(path)) {
    const file = statSync(path).isDirectory() ? join(path, fileName) : path;
    if (existsSync(file)) return file;
    throw new ReplaygroundError('bad-system', `${path} has no ${fileName}: ./lab system new <folder> writes one`);
  }
  const own = ownSystems();
  const found = own.find((file) => basename(dirname(file)) === wanted);
  if (found !== undefined) return found;
  const names = own.map((file) => basename(dirname(file))).join(', ');
  throw new ReplaygroundError('bad-system', `there is no system ${wanted}: give a folder with a ${fileName}, or one of ${names}`);
}

/** Whether a machine has the programs that a system is built and started with. */
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import type { SystemFile } from '../file/system-schema.ts';

/** The lab's own Node stands last: where a machine has none, a system in JavaScript runs with that. */
export const systemPath = (env: NodeJS.ProcessEnv = process.env): string =>
  [...(env.PATH ?? '').split(delimiter).filter(Boolean), dirname(process.execPath)].join(delimiter);

/**
 * @param path folders to look in
 * @returns the programs that its commands name and that are not there; a path such as `.venv/bin/python` comes out of the set-up
 */
export function missingPrograms({ services }: Pick<SystemFile, 'services'>, path = systemPath()): string[] {
  const programs = Object.values(services)
    .flatMap(({ setup = [], command }) => [...setup, command])
    .flatMap(([program = '']) => (program.includes('/') ? [] : [program]));
  return [...new Set(programs)].filter((program) => !path.split(delimiter).some((folder) => isExecutable(join(folder, program))));
}

/** @throws ReplaygroundError `toolchain-missing`: which programs, in one line */
export function requirePrograms(system: Pick<SystemFile, 'name' | 'services'>): void {
  const missing = missingPrograms(system);
  if (missing.length === 0) return;
  throw new ReplaygroundError('toolchain-missing', `${system.name} needs ${missing.join(', ')}, which is not on PATH: install it`);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

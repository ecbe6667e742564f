/** Finds scenarios: those of the project by name, anybody's own by file. */
import { existsSync, globSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { usageError } from '../../lab/terminal/exit-codes.ts';
import { codeExtension } from '../../pipeline/settings/packaged.ts';
import { projectRoot } from '../../pipeline/settings/read-settings.ts';
import type { Scenario } from './define-scenario.ts';
import { providePackage } from './provide-package.ts';

export type FoundScenario = { name: string; file: string; scenario: Scenario };

/** @returns names of the project's scenarios: the folders of `scenarios/` with a scenario */
export const scenarioNames = (): string[] =>
  globSync(`scenarios/*/scenario${codeExtension}`, { cwd: projectRoot })
    .map((file) => basename(dirname(file)))
    .sort();

/** @returns all scenarios of the project, by name */
export const allScenarios = (): Promise<FoundScenario[]> => Promise.all(scenarioNames().map(findScenario));

/**
 * @param wanted a name, or a file as seen from the current folder
 * @throws ReplaygroundError `usage` where there is none, or the file is no scenario
 */
export async function findScenario(wanted: string): Promise<FoundScenario> {
  const isFile = /\.[cm]?[jt]s$/.test(wanted);
  const file = isFile ? resolve(wanted) : join(projectRoot, 'scenarios', wanted, `scenario${codeExtension}`);
  if (!existsSync(file) || (!isFile && !scenarioNames().includes(wanted))) {
    throw usageError(
      isFile
        ? `there is no file ${file}`
        : `there is no scenario '${wanted}': use one of ${scenarioNames().join(', ')}, or a file such as ./mine.ts`,
    );
  }
  return { name: nameOf(file), file, scenario: await load(file) };
}

/** `burst-10k` for scenarios/burst-10k/scenario.ts, `mine` for mine.ts. */
function nameOf(file: string): string {
  const own = basename(file).replace(/\.[cm]?[jt]s$/, '');
  return own === 'scenario' ? basename(dirname(file)) : own;
}

async function load(file: string): Promise<Scenario> {
  providePackage();
  const module = (await import(pathToFileURL(file).href).catch((error: unknown) => {
    throw usageError(`${file} cannot be loaded: ${reasonOf(error, file)}`);
  })) as { default?: Partial<Scenario> };
  const { title, summary, run } = module.default ?? {};
  if (typeof title !== 'string' || typeof summary !== 'string' || typeof run !== 'function') {
    throw usageError(`${file} is no scenario: its default export needs title, summary and run, see scenarios/burst-10k/scenario.ts`);
  }
  return { exercises: [], ...module.default } as Scenario;
}

/** In one line: Node tells where it is only at the beginning of the stack. */
function reasonOf(error: unknown, file: string): string {
  if (!(error instanceof Error)) return String(error);
  const [message = ''] = error.message.split('\n');
  const hint = message.includes("'replayground' does not provide an export") ? ' (a type is imported by `import type`)' : '';
  const [, place, line] = /^(\/.*|file:.*):(\d+)\n/.exec(error.stack ?? '') ?? [];
  if (place === undefined) return message + hint;
  const where = place.startsWith('file:') ? fileURLToPath(place) : place;
  return `${message}${hint}, ${where === file ? '' : `${where} `}line ${line}`;
}

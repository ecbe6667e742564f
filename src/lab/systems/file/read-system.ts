/** Reads a `system.yaml`: all of what is wrong with it at once, each with its place. */
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import type { SystemFacts } from '../../wire/system-facts.ts';
import { systemProblems } from './check-system.ts';
import { findSystem } from './find-system.ts';
import { type Problem, schemaProblems } from './schema-problems.ts';
import type { SystemFile } from './system-schema.ts';
import { placedYaml } from './yaml-places.ts';

/** A system with the folder that its commands are run in. */
export type System = SystemFile & { folder: string };

/**
 * @param file path of a `system.yaml`
 * @throws ReplaygroundError `bad-system`: a line for each thing that is wrong, with file, line, column, and what is allowed
 */
export function readSystem(file: string): System {
  const yaml = placedYaml(textOf(file));
  const lines = (problems: readonly { line: number; column: number; text: string }[]): string[] =>
    problems
      .toSorted((a, b) => a.line - b.line || a.column - b.column)
      .map(({ line, column, text }) => `${file}:${line}:${column}: ${text}`);
  const placed = (problem: Problem) => ({
    ...(problem.key === undefined ? yaml.placeOf(problem.path) : yaml.placeOfKey(problem.path, problem.key)),
    text: problem.text,
  });
  if (yaml.errors.length > 0) throw badSystem(lines(yaml.errors.map((error) => ({ ...error, text: `this is no YAML: ${error.text}` }))));
  const wrong = schemaProblems(yaml.value);
  if (wrong.length > 0) throw badSystem(lines(wrong.map(placed)));
  const system = yaml.value as SystemFile;
  const inconsistent = systemProblems(system, dirname(file));
  if (inconsistent.length > 0) throw badSystem(lines(inconsistent.map(placed)));
  return { ...system, folder: dirname(file) };
}

/** @returns the system that a lab says it runs, as its file is now; @throws ReplaygroundError `bad-system` */
export const readRunningSystem = ({ name, folder }: Pick<SystemFacts, 'name' | 'folder'>): System => readSystem(findSystem(folder ?? name));

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ReplaygroundError('bad-system', `${file} cannot be read: a system is a folder with a ${basename(file)} in it`, { cause });
  }
}

const badSystem = (lines: readonly string[]): ReplaygroundError => new ReplaygroundError('bad-system', lines.join('\nlab: '));

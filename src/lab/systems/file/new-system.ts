/** Writes a system to begin with: a copy of one that comes with the lab, by the name of its new folder. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { findSystem } from './find-system.ts';
import { readSystem } from './read-system.ts';
import { SystemSchema } from './system-schema.ts';

/** What a set-up makes, and what tells of the original. */
const notCopied = new Set(['.venv', 'node_modules', 'target', 'bin', '__pycache__', 'README.md']);

/** Which system somebody begins with who knows no more than the language: the plainest of it. */
export const byLanguage: Readonly<Record<string, string>> = {
  python: 'python-autocommit',
  java: 'java-plain',
  javascript: 'kafkajs',
  go: 'go-franz',
};

/**
 * @param folder does not exist, or is empty
 * @param from a language of `byLanguage`, a name, or a folder
 * @returns the name of the new system, its folder, and the files that were written
 * @throws ReplaygroundError `bad-system`
 */
export function newSystem(folder: string, from: string): { name: string; folder: string; files: string[] } {
  const source = dirname(findSystem(Object.hasOwn(byLanguage, from) ? (byLanguage[from] as string) : from));
  const target = resolve(folder);
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new ReplaygroundError('bad-system', `${target} is not empty: name a folder that does not exist`);
  if (partsElsewhere(source))
    throw new ReplaygroundError('bad-system', `${from} starts programs outside of its folder: it cannot be copied, begin with another`);
  const written: string[] = [];
  copyFolder(source, target, written);
  const file = join(target, 'system.yaml');
  const name = nameFor(target);
  const text = readFileSync(file, 'utf8').replace(/^name: .*$/m, `name: ${name}`);
  writeFileSync(file, `# yaml-language-server: $schema=system.schema.json\n${text}`);
  const schema = join(target, 'system.schema.json');
  writeFileSync(schema, `${JSON.stringify(SystemSchema, null, 2)}\n`);
  return { name, folder: target, files: [...written, schema] };
}

const partsElsewhere = (folder: string): boolean =>
  Object.values(readSystem(join(folder, 'system.yaml')).services).some(({ command }) => command.some((part) => part.startsWith('../')));

function copyFolder(source: string, target: string, written: string[]): void {
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    if (notCopied.has(entry.name)) continue;
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) copyFolder(from, to, written);
    else {
      copyFileSync(from, to);
      written.push(to);
    }
  }
}

/** A folder may be called anything. */
const nameFor = (folder: string): string =>
  basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'my-system';

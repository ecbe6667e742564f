/** Whose software is bundled into the page: the licences that its build has found, with the notices that go with them. */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const noticesName = 'THIRD-PARTY.md';

export type Bundled = { name: string; version: string; licence: string };

/** @param notices as the build of the page writes them: a heading `## name - version (licence)` each @returns what is bundled, in that order */
export const bundledIn = (notices: string): Bundled[] =>
  [...notices.matchAll(/^## (\S+) - (\S+) \((.+)\)$/gm)].map(([, name = '', version = '', licence = '']) => ({ name, version, licence }));

/**
 * @param modules folder of the packages
 * @param patterns of file names, as for `globSync`
 * @returns those files of a package, each as a section of Markdown; none where it has none of them
 */
export const textsOf = (modules: string, name: string, patterns: readonly string[]): string[] =>
  globSync(patterns, { cwd: join(modules, name) })
    .sort()
    .map((file) => textOf(modules, name, join(name, file)));

/** @param file as seen from `modules` @returns it as a section of Markdown; throws where it is not there */
export function textOf(modules: string, name: string, file: string): string {
  const path = join(modules, file);
  if (!existsSync(path)) throw new Error(`the licence of ${name} is not where it was: ${file}`);
  const content = readFileSync(path, 'utf8').trim();
  return `### ${name}: ${file.slice(file.lastIndexOf('/') + 1)}\n\n\`\`\`\`text\n${content}\n\`\`\`\``;
}

/** Adds to the licences that the build has written what the packages say beside them: an Apache licence asks for its NOTICE (section 4d). */
export function addNotices(folder: string, modules: string): void {
  const file = join(folder, noticesName);
  const licences = readFileSync(file, 'utf8').trim();
  const besides = bundledIn(licences).flatMap(({ name }) => textsOf(modules, name, ['NOTICE*', 'licenses/*']));
  writeFileSync(file, `${[licences, ...besides].join('\n\n')}\n`);
}

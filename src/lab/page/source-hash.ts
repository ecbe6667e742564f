/** One hash over everything that the page is built from: when it differs, the page is stale. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { projectRoot } from '../../pipeline/settings/read-settings.ts';
import { pageSources } from './page-folder.ts';

/** Not sources: what is built, and what packages keep there. */
const leftOut = new Set(['dist', 'node_modules']);
/** What is done with it after it is bundled, and the versions of the packages. */
const besides = [...['compress-files', 'inline-page', 'notices'].map((name) => `src/lab/page/${name}.ts`), 'package-lock.json'].map(
  (path) => join(projectRoot, path),
);
/** Types leave no trace in what is built. */
const imports = /^(?:import|export) (?!type\b)[^;]*? from '(\.{1,2}\/[^']+\.ts)'/gm;

/** @returns the hash, or undefined where there are no sources, as in an image that holds only the built page */
export function sourceHash(): string | undefined {
  if (!existsSync(join(pageSources, 'index.html'))) return undefined;
  const hash = createHash('sha256');
  for (const path of [...withImports(filesIn(pageSources)), ...besides].filter((one) => existsSync(one)).sort())
    hash.update(relative(projectRoot, path)).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

/** @returns the files, and what they take from the rest of the project */
function withImports(files: readonly string[]): Set<string> {
  const found = new Set(files);
  // What is added while it is walked is walked too.
  for (const path of found) {
    if (!/\.(ts|svelte)$/.test(path) || !existsSync(path)) continue;
    for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(imports)) found.add(resolve(dirname(path), name));
  }
  return found;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !leftOut.has(name) && !name.startsWith('dist-'))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)]));
}

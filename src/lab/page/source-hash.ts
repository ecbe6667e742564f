/** One hash over everything that the page is built from: when it differs, the page is stale. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectRoot } from '../../pipeline/settings/read-settings.ts';
import { pageSources } from './page-folder.ts';

/** Not sources: what is built, and what packages keep there. */
const leftOut = new Set(['dist', 'node_modules']);
/** What the page takes from the rest of the project, and the versions of its packages. */
const besides = [
  'src/order-lab/commands/change.ts',
  'src/lab/commands/terminal.ts',
  'src/lab/commands/look.ts',
  'src/lab/page/compress-files.ts',
  'src/lab/page/inline-page.ts',
  'src/lab/recording/columns.ts',
  'src/lab/recording/closing-looks.ts',
  'package-lock.json',
];

/** @returns the hash, or undefined where there are no sources, as in an image that holds only the built page */
export function sourceHash(): string | undefined {
  if (!existsSync(join(pageSources, 'index.html'))) return undefined;
  const files = [...filesIn(pageSources), ...besides.map((path) => join(projectRoot, path)).filter((path) => existsSync(path))];
  const hash = createHash('sha256');
  for (const path of files.sort()) hash.update(relative(projectRoot, path)).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !leftOut.has(name) && !name.startsWith('dist-'))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)]));
}

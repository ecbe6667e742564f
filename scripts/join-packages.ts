/**
 * Joins the files of packages that have hundreds into one or a few each, in place:
 *
 *   node scripts/join-packages.ts <the folder of node_modules>
 *
 * Every process of the lab loads them, each verb too, and finding 800 files takes longer than all that they do. The files that `exports` names stay, with
 * the same exports; what they shared is one module still.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, normalize, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

type Exports = string | { [key: string]: Exports };

const names = ['execa', 'typebox'];

const top = resolve(process.argv[2] ?? '.');
// The packages may not have reached their place yet.
const bundler = createRequire(join(top, 'package.json')).resolve('rolldown');
const { rolldown } = (await import(pathToFileURL(bundler).href)) as typeof import('rolldown');

for (const name of names) {
  const folder = join(top, 'node_modules', name);
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { exports: Exports };
  const entries = [...new Set(filesOf(exports))];
  const input = Object.fromEntries(entries.map((file) => [file, join(folder, file)]));
  await using bundle = await rolldown({ input, platform: 'node', preserveEntrySignatures: 'strict' });
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: '[name]', chunkFileNames: 'joined-[hash].mjs' });
}

/** @returns what of a package others may import, without types */
function filesOf(exports: Exports): string[] {
  if (typeof exports === 'string') return [normalize(exports)];
  return Object.entries(exports).flatMap(([condition, below]) => (condition === 'types' ? [] : filesOf(below)));
}

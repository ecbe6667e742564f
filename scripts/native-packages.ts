/**
 * Writes package.json and package-lock.json of the packages that have to be built, as the lock file of the project pins them:
 *
 *   node scripts/native-packages.ts <folder>
 *
 * The package and the image install them by these beside the others: the client's own install script wants a binary from outside of the registry, so
 * it must be no dependency that npm installs by itself.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Locked = { version: string; dependencies?: Record<string, string>; optionalDependencies?: Record<string, string>; dev?: boolean };

/** What scripts/build-client.sh and native/build.sh are about. */
const built = ['@confluentinc/kafka-javascript', 'node-addon-api', 'node-api-headers', 'zstd-napi'];

const root = join(import.meta.dirname, '..');
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> };
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> };

/** Where Node would find a package, seen from another one: beside it, or in a folder above. */
function placeOf(name: string, from: string): string {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (place in lock.packages) return place;
    if (folder === '') throw new Error(`${name}, which ${from} needs, is not in package-lock.json`);
  }
}

const packages: Record<string, unknown> = {};
function take(name: string, from: string): void {
  const place = placeOf(name, from);
  if (place in packages) return;
  const { dev: _, ...entry } = lock.packages[place] as Locked;
  packages[place] = entry;
  for (const one of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) take(one, place);
}
for (const name of built) take(name, '');

const folder = process.argv[2] ?? 'native';
const manifest = {
  name: 'replayground-native',
  private: true,
  // npm 12 runs a script only where it is allowed: scripts/build-client.sh asks for this one.
  allowScripts: { '@confluentinc/kafka-javascript': true },
  dependencies: Object.fromEntries(built.map((name) => [name, devDependencies[name]])),
};
mkdirSync(folder, { recursive: true });
const { private: __, allowScripts: ___, ...top } = manifest;
const write = (name: string, content: unknown): void => writeFileSync(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
write('package.json', manifest);
write('package-lock.json', { name: manifest.name, lockfileVersion: 3, requires: true, packages: { '': top, ...packages } });

/**
 * Fills dist/package, which is what `npm pack` packs: the same folders as here with JavaScript instead of TypeScript, since Node strips no types below
 * node_modules, and with the page built.
 */
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { buildPageIfStale, isPageFresh } from '../src/lab/page/build-page.ts';
import { pageFolder } from '../src/lab/page/page-folder.ts';
import { projectRoot } from '../src/pipeline/settings/read-settings.ts';
import { thirdParty } from './third-party.ts';

const target = join(projectRoot, 'dist', 'package');
rmSync(target, { recursive: true, force: true });
const inProject = { cwd: projectRoot, stdio: 'inherit' } as const;

await execa(process.execPath, [join(projectRoot, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.package.json'], inProject);
await buildPageIfStale((line) => process.stderr.write(`${line}\n`));
if (!isPageFresh()) throw new Error('the page is not built: a package without it would be half of one');

const files = [
  ...['lab', 'scripts/install.sh', 'scripts/build-client.sh', 'native/build.sh'],
  ...globSync(['native/src/*', 'src/lab/**/*.{properties,xml}', 'scenarios/*/*.{md,sh}'], { cwd: projectRoot }),
  // What a system has built for itself is made where it runs.
  ...globSync('systems/**', { cwd: projectRoot, withFileTypes: true, exclude: ['**/node_modules', '**/target', '**/bin', '**/.venv'] })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(projectRoot.length + 1)),
];
for (const file of files) {
  mkdirSync(dirname(join(target, file)), { recursive: true });
  cpSync(join(projectRoot, file), join(target, file));
}
cpSync(pageFolder, join(target, 'dashboard/dist'), { recursive: true });
await execa(process.execPath, ['scripts/native-packages.ts', join(target, 'native')], inProject);
const native = JSON.parse(readFileSync(join(target, 'native/package-lock.json'), 'utf8'));
writeFileSync(join(target, 'THIRD-PARTY.md'), thirdParty(native, readFileSync(join(pageFolder, 'THIRD-PARTY.md'), 'utf8')));

// The pipeline as a system names its programs by their files.
const system = join(target, 'systems/orders/system.yaml');
writeFileSync(system, readFileSync(system, 'utf8').replaceAll(/(src\/\w+\/main)\.ts/g, '$1.js'));

const { name, version, type } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Record<string, string>;
const exports = { '.': './src/replayground.js', './kafka': './src/kafka-library.js' };
writeFileSync(join(target, 'package.json'), `${JSON.stringify({ name, version, private: true, type, exports }, null, 2)}\n`);

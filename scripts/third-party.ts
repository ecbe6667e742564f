/** The notices of the package: whose software is in it, whose its first call builds, and whose npm installs beside it, each with its licence. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundledIn, textOf, textsOf } from '../src/lab/page/notices.ts';

type Lock = { packages: Record<string, { version?: string; license?: string; dev?: true }> };

const root = join(import.meta.dirname, '..');
const modules = join(root, 'node_modules');
const client = '@confluentinc/kafka-javascript';

/** Sources that come within packages, under licences of their own. */
const within = [
  { name: 'librdkafka', files: [join(client, 'deps/librdkafka/LICENSES.txt')] },
  { name: 'Zstandard', files: ['zstd-napi/deps/zstd/LICENSE'] },
];
/** Each with all that it says of its licence. */
const built = [client, 'node-addon-api', 'node-api-headers', 'zstd-napi'];
const notices = ['LICEN[CS]E*', 'NOTICE*', 'licenses/*'];

/**
 * @param native lock file of what is built, as scripts/native-packages.ts writes it
 * @param page licences and notices of what is bundled into the page, as its build writes them
 * @returns the document; throws where a package names no licence, or its text is not there
 */
export function thirdParty(native: Lock, page: string): string {
  const project = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const parts = [
    '# Third-party software',
    'Replayground itself is under the Apache License 2.0: see LICENSE. This file is written with the package (scripts/prepack.ts).',
    '## In this package',
    'Bundled into the page in dashboard/dist. Their licences and notices are in dashboard/dist/THIRD-PARTY.md.',
    table(bundledIn(page).map(({ name, version, licence }) => [name, version, licence])),
    '## Built by the first call',
    'Not in this package: npm fetches their sources, and what is built of them lies in native/.',
    table([...installed(native), ...within.map(({ name }) => [name, 'within the packages above', 'see below'])]),
    ...built.flatMap((name) => required(name, textsOf(modules, name, notices))),
    ...within.flatMap(({ name, files }) =>
      required(
        name,
        files.map((file) => textOf(modules, name, file)),
      ),
    ),
    '## Installed beside it',
    'Not in this package: dependencies that npm installs, each with its own licence file.',
    table(installed(project)),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** @returns name, version and licence of each package that is no tool of development, by name */
function installed({ packages }: Lock): string[][] {
  const found = Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path, { version = '', license }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      if (license === undefined) throw new Error(`package-lock.json names no licence of ${name} ${version}`);
      return [name, version, license];
    });
  return [...new Map(found.map((row) => [row.join(' '), row])).values()].sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
}

const table = (rows: readonly string[][]): string =>
  ['| name | version | licence |', '|---|---|---|', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');

function required(name: string, texts: string[]): string[] {
  if (texts.length === 0) throw new Error(`${name} has no file with its licence`);
  return texts;
}

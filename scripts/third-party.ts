/** The notices of the package: whose software is in it, whose its first call builds, and whose npm installs beside it, each with its licence. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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
 * @param page licences of what is bundled into the page, as its build writes them: a heading `## name - version (licence)` each
 * @returns the document; throws where a package names no licence, or its text is not there
 */
export function thirdParty(native: Lock, page: string): string {
  const project = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const bundled = [...page.matchAll(/^## (\S+) - (\S+) \((.+)\)$/gm)].map(([, name = '', version = '', licence = '']) => [
    name,
    version,
    licence,
  ]);
  const parts = [
    '# Third-party software',
    'Replayground itself is under the Apache License 2.0: see LICENSE. This file is written with the package (scripts/prepack.ts).',
    '## In this package',
    'Bundled into the page in dashboard/dist. Their licences are in dashboard/dist/THIRD-PARTY.md; here are the notices that go with them.',
    table(bundled),
    ...bundled.flatMap(([name = '']) => textsOf(name, ['NOTICE*', 'licenses/*'])),
    '## Built by the first call',
    'Not in this package: npm fetches their sources, and what is built of them lies in native/.',
    table([...installed(native), ...within.map(({ name }) => [name, 'within the packages above', 'see below'])]),
    ...built.flatMap((name) => required(name, textsOf(name, notices))),
    ...within.flatMap(({ name, files }) =>
      required(
        name,
        files.map((file) => text(name, file)),
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

const textsOf = (name: string, patterns: readonly string[]): string[] =>
  globSync(patterns, { cwd: join(modules, name) })
    .sort()
    .map((file) => text(name, join(name, file)));

function text(name: string, file: string): string {
  const path = join(modules, file);
  if (!existsSync(path)) throw new Error(`the licence of ${name} is not where it was: ${file}`);
  return `### ${name}: ${file.slice(file.lastIndexOf('/') + 1)}\n\n${fenced(readFileSync(path, 'utf8').trim())}`;
}

const fenced = (content: string): string => `\`\`\`\`text\n${content}\n\`\`\`\``;

function required(name: string, texts: string[]): string[] {
  if (texts.length === 0) throw new Error(`${name} has no file with its licence`);
  return texts;
}

/** What a release has to say of itself: its version, what changed, and whose software it carries. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { thirdParty } from '../scripts/third-party.ts';
import { projectRoot } from '../src/pipeline/settings/read-settings.ts';

const read = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');
const { name, version, license, files } = JSON.parse(read('package.json')) as {
  name: string;
  version: string;
  license: string;
  files: string[];
};

/** Licences that ask for nothing but that they and the names of the authors are passed on. */
const permissive = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'Python-2.0'];
const isPermissive = (licence: string): boolean =>
  licence
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((one) => permissive.includes(one));

describe('a release', () => {
  it('is called the same everywhere', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      version: string;
      packages: Record<string, { version: string; license: string }>;
    };
    assert.deepEqual([lock.version, lock.packages['']?.version, lock.packages['']?.license], [version, version, license]);
    assert.equal(JSON.parse(read('docs/contract/asyncapi.json')).info.version, version, 'npm run contract');
    assert.ok(read('docs/package.md').includes(`npm install ${name}-${version}.tgz`), 'docs/package.md names the file of npm pack');
  });

  it('stands at the top of the changelog; those below it are older, and each has a day', () => {
    const headings = [...read('CHANGELOG.md').matchAll(/^## (.*)$/gm)].map(([, heading = '']) => heading);
    assert.match(headings[0] ?? '', new RegExp(`^${version.replaceAll('.', '\\.')} \\((unreleased|\\d{4}-\\d\\d-\\d\\d)\\)$`));
    const numbers = headings.map((heading) => heading.split(' ')[0]?.split('.').map(Number) ?? []);
    const newestFirst = numbers.toSorted((a, b) => [0, 1, 2].map((at) => (b[at] ?? 0) - (a[at] ?? 0)).find((less) => less !== 0) ?? 0);
    assert.deepEqual(numbers, newestFirst);
    for (const heading of headings.slice(1)) assert.match(heading, /^\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)$/);
  });

  it('brings changelog and licence: the one that package.json names', () => {
    assert.ok(files.includes('CHANGELOG.md'));
    assert.equal(license, 'Apache-2.0');
    assert.match(read('LICENSE'), /Apache License\s+Version 2\.0, January 2004/);
  });
});

describe('the notices of the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'replayground-notices-'));
  let text = '';
  before(async () => {
    await execa(process.execPath, [join(projectRoot, 'scripts/native-packages.ts'), folder]);
    const native = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
    text = thirdParty(native, '# Licenses\n\n## echarts - 6.1.0 (Apache-2.0)\n\nIts text.\n');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('name what is bundled, and where its licences and notices are', () => {
    assert.match(text, /licences and notices are in dashboard\/dist\/THIRD-PARTY\.md/);
    assert.match(text, /^\| echarts \| 6\.1\.0 \| Apache-2\.0 \|$/m);
  });

  it('have the licences of what is built, of the sources within too', () => {
    for (const owner of [
      'Confluent, Inc.',
      'Magnus Edenhill',
      'Meta Platforms',
      'Node.js API collaborators',
      'Yann Collet',
      'Andrew Drake',
    ]) {
      assert.ok(text.includes(owner), owner);
    }
  });

  it('name every package that is installed with ours, and each may be passed on', () => {
    const rows = [...text.matchAll(/^\| (\S+) \| (\d\S*) \| (.+) \|$/gm)];
    assert.ok(rows.some(([, one]) => one === 'fastify') && rows.some(([, one]) => one === '@confluentinc/kafka-javascript'));
    for (const [, one, , licence = ''] of rows) assert.ok(isPermissive(licence), `${one}: ${licence}`);
  });
});

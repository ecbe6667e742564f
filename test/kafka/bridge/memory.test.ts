/** Memory of the bridge: watched by AddressSanitizer while its own tests run, and flat over a million records. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { execa } from 'execa';
import { projectRoot } from '../../../src/pipeline/settings/read-settings.ts';
import { createTopic } from '../../support/kafka.ts';

const watched = ['life', 'transactions', 'delivery', 'agreement'].map((name) => `test/kafka/bridge/${name}.test.ts`);
const flags = ['-fsanitize=address', '-fno-omit-frame-pointer', '-O1'];

/** Where the compiler has its library; a name without a path where it has none. macOS protects its programs from being watched this way. */
const sanitizer = process.platform === 'linux' ? (await execa('c++', ['-print-file-name=libasan.so'])).stdout : '';

describe('memory of the bridge', () => {
  const folders: string[] = [];
  after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

  it('is used as AddressSanitizer allows', { skip: !isAbsolute(sanitizer) && 'this compiler has no libasan.so' }, async () => {
    const copy = await mkdtemp(join(tmpdir(), 'replayground-asan-'));
    folders.push(copy);
    for (const part of ['package.json', 'src', 'test', 'native']) await cp(join(projectRoot, part), join(copy, part), { recursive: true });
    await symlink(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
    const addon = join(copy, 'native', 'build', 'bridge.node');
    await execa('sh', [join(copy, 'native', 'build.sh'), addon, ...flags]);
    assert.ok((await readFile(addon)).includes('__asan_init'), 'it is not watched');
    const { exitCode, all } = await execa(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--test', '--test-concurrency=2', ...watched],
      {
        cwd: copy,
        // Node gives nothing back when it ends, so leaks are measured below.
        env: { LD_PRELOAD: sanitizer, ASAN_OPTIONS: 'detect_leaks=0', NODE_TEST_CONTEXT: '' },
        all: true,
        reject: false,
      },
    );
    assert.doesNotMatch(all, /AddressSanitizer/);
    assert.equal(exitCode, 0, all);
  });

  it('stays as it is while a million records are read and many are written', async () => {
    const topic = await createTopic('memory', 1);
    const program = join(import.meta.dirname, 'fixtures', 'soak.ts');
    const { stdout } = await execa(process.execPath, ['--disable-warning=ExperimentalWarning', program, topic]);
    const resident = JSON.parse(stdout) as { records: number; megabytes: number[] };
    assert.ok(resident.records >= 1_000_000);
    const settled = resident.megabytes.slice(3);
    const growth = Math.max(...settled) - Math.min(...settled);
    // A batch that is forgotten takes 3 MB, and there are ten in each round.
    assert.ok(growth < 60, `grows: ${resident.megabytes} MB`);
  });
});

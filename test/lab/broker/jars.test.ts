/** The cache of jars, with a fake Maven: filled once, shared by processes that start at once, repaired, and clear when it fails. */
import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { meaningfulLine, resolveJars } from '../../../src/lab/broker/jars.ts';
import { tempHome } from '../../support/temp-home.ts';

let folder: Awaited<ReturnType<typeof tempHome>>;
before(async () => {
  folder = await tempHome();
  await mkdir(join(folder.path, 'bin'));
  process.env.MAVEN_HOME = folder.path;
});
after(() => folder[Symbol.asyncDispose]());

async function fakeMaven(script: string): Promise<void> {
  const file = join(folder.path, 'bin', 'mvn');
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

const FILLS = `for arg; do case $arg in -DoutputDirectory=*) cd "\${arg#*=}" && touch a.jar b.jar;; esac; done; echo 'Downloaded from central: a.jar'`;

test('two starts at once end with one folder and no leftovers', async () => {
  await fakeMaven(FILLS);
  const cacheDir = join(folder.path, 'shared');
  const [first, second] = await Promise.all([resolveJars({ cacheDir }), resolveJars({ cacheDir })]);
  assert.deepEqual(
    first.map((jar) => basename(jar)),
    ['a.jar', 'b.jar'],
  );
  assert.deepEqual(second, first);
  assert.equal((await readdir(cacheDir)).length, 1);
});

test('a jar that was removed is fetched again, and a full cache needs no Maven', async () => {
  const cacheDir = join(folder.path, 'damaged');
  await fakeMaven(FILLS);
  const [jar] = await resolveJars({ cacheDir });
  assert.ok(jar);
  await rm(jar);
  const lines: string[] = [];
  assert.equal((await resolveJars({ cacheDir, onProgress: (line) => lines.push(line) })).length, 2);
  assert.match(lines[0] ?? '', /fetching Apache Kafka 4\./);
  assert.deepEqual((await readdir(dirname(jar))).sort(), ['a.jar', 'b.jar', 'jars.json']);
  await fakeMaven('exit 1');
  assert.equal((await resolveJars({ cacheDir })).length, 2);
});

test('a failed download shows what Maven said, in one line, and leaves nothing behind', async () => {
  await fakeMaven(
    `echo '[INFO] Scanning'; echo '[ERROR] Could not transfer artifact x: Unknown host -> [Help 1]'; echo '[ERROR] '; exit 1`,
  );
  const cacheDir = join(folder.path, 'failed');
  await assert.rejects(resolveJars({ cacheDir }), {
    code: 'jars-unavailable',
    message: /jars: Could not transfer artifact x: Unknown host; check/,
  });
  assert.deepEqual(await readdir(cacheDir), []);
});

test('without an error line the last line has to do', () => {
  assert.equal(meaningfulLine(['one', 'two']), 'two');
  assert.equal(meaningfulLine([]), 'no output');
});

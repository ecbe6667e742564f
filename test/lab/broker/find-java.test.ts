/** What is said when Java or Maven is missing or too old, tried with fake programs on PATH. */
import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { findJava, findMaven, javaFeatureVersion } from '../../../src/lab/broker/find-java.ts';
import { tempHome } from '../../support/temp-home.ts';

async function fakeJava(folder: string, version: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'java');
  await writeFile(file, `#!/bin/sh\necho 'openjdk version "${version}"' >&2\n`);
  await chmod(file, 0o755);
  return file;
}

test('old and new version numbers are read', () => {
  assert.equal(javaFeatureVersion('java version "1.8.0_402"'), 8);
  assert.equal(javaFeatureVersion('openjdk version "17.0.15" 2025-04-15'), 17);
  assert.equal(javaFeatureVersion('openjdk version "25" 2025-09-16'), 25);
  assert.equal(javaFeatureVersion('Segmentation fault'), undefined);
});

test('a Java that is too old is named with its version and the ways out', async () => {
  await using folder = await tempHome();
  const java = await fakeJava(folder.path, '11.0.2');
  await assert.rejects(findJava({ PATH: folder.path }), (error: Error & { code: string }) => {
    assert.equal(error.code, 'java-too-old');
    assert.ok(error.message.includes(`${java} is Java 11`), error.message);
    assert.match(error.message, /install Java 17 or newer.*KAFKA_BROKERS.*docker compose up kafka/);
    return true;
  });
});

test('an old JAVA_HOME does not hide a new Java on PATH', async () => {
  await using folder = await tempHome();
  await fakeJava(join(folder.path, 'old', 'bin'), '1.8.0_402');
  const java = await fakeJava(join(folder.path, 'new'), '21.0.1');
  assert.equal(await findJava({ JAVA_HOME: join(folder.path, 'old'), PATH: `/nowhere:${join(folder.path, 'new')}` }), java);
});

test('a missing Java and a missing Maven are told apart', async () => {
  await assert.rejects(findJava({ PATH: '/nowhere' }), { code: 'java-missing' });
  await assert.rejects(findMaven({}), { code: 'maven-missing', message: /install Maven.*KAFKA_BROKERS/ });
});

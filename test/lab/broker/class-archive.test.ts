/** The archive of Kafka's classes: left by the first broker that ends in order, used by every later start, and never used when it is cut off. */
import assert from 'node:assert/strict';
import { cp, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { archivePlace, keepArchive, useArchive } from '../../../src/lab/broker/class-archive.ts';
import { findJava } from '../../../src/lab/broker/find-java.ts';
import { resolveJars } from '../../../src/lab/broker/jars.ts';
import { startBroker } from '../../../src/lab/broker/start.ts';
import { runKafkaTool } from '../../../src/lab/broker/tools.ts';
import { tempHome } from '../../support/temp-home.ts';

describe('the archive of Kafka’s classes', () => {
  let jars: string;
  before(async () => {
    jars = dirname((await resolveJars())[0] as string);
  });
  const archives = async (folder: string): Promise<string[]> => (await readdir(folder)).filter((name) => name.startsWith('classes-'));

  it('is left by a broker that ends in order, and mapped by the next; cut off, it is not used', async () => {
    await using home = await tempHome();
    // A cache of its own, of a machine on which no broker ran.
    const [cacheDir, folder] = [join(home.path, 'cache'), join(home.path, 'cache', basename(jars))];
    await cp(jars, folder, { recursive: true, preserveTimestamps: true, filter: (path) => !basename(path).startsWith('classes-') });

    const first = await startBroker({ home: join(home.path, 'kafka'), port: 0, cacheDir });
    await first.stop();
    assert.deepEqual(await first.exited, { code: 143, signal: null });
    const [name, ...others] = await archives(folder);
    assert.ok(name);
    assert.deepEqual(others, []);
    assert.ok(!(await readdir(join(home.path, 'kafka'))).includes('classes.jsa'));

    const second = await startBroker({ home: join(home.path, 'kafka'), port: 0, cacheDir });
    assert.match(await readFile(`/proc/${second.pid}/maps`, 'utf8'), new RegExp(name));
    await second.stop();

    await truncate(join(folder, name), 1_000_000);
    const uuid = await runKafkaTool('storage', ['random-uuid'], { ...second, cacheDir });
    assert.deepEqual([uuid.exitCode, uuid.stdout.length, uuid.stderr], [0, 22, '']);
  });

  it('is not kept of a process that was killed or failed', async () => {
    await using home = await tempHome();
    const folder = join(home.path, 'jars');
    await mkdir(folder);
    const place = await archivePlace(await findJava(), folder);
    const left = join(home.path, 'left.jsa');
    for (const exit of [
      { code: null, signal: 'SIGKILL' },
      { code: 1, signal: null },
    ]) {
      await writeFile(left, 'half');
      await keepArchive(exit, left, place);
      assert.deepEqual([await archives(folder), await useArchive(place)], [[], []]);
    }
    await writeFile(left, 'whole');
    await keepArchive({ code: 143, signal: null }, left, place);
    assert.deepEqual(await archives(folder), [`${place.prefix}5.jsa`]);
    assert.deepEqual(await useArchive({ ...place, prefix: 'classes-another-' }), []);
  });
});

/** Data of an older Kafka go on working; data of a newer one are not touched. */
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ReplaygroundError } from '../../../src/kafka/errors.ts';
import { formatData, randomClusterId } from '../../../src/lab/broker/format.ts';
import { kafkaVersion } from '../../../src/lab/broker/jars.ts';
import { isNewerRelease } from '../../../src/lab/broker/kafka-version.ts';
import { serverProperties } from '../../../src/lab/broker/server-properties.ts';
import { startBroker } from '../../../src/lab/broker/start.ts';
import { runKafkaTool } from '../../../src/lab/broker/tools.ts';
import { tempHome } from '../../support/temp-home.ts';

const version = await kafkaVersion();
/** As `kafka-features` calls it: `4.4`. */
const release = version.split('.', 2).join('.');

/** Formats a home as the Kafka of that release does, and leaves no note. */
async function formatAs(home: string, release: string, extra: Record<string, string> = {}): Promise<void> {
  const file = join(home, 'server.properties');
  await mkdir(join(home, 'data'), { recursive: true });
  await writeFile(file, serverProperties({ nodeId: 1, dataDir: 'data', port: 1, controllerPort: 2, extra }));
  await formatData(file, randomClusterId(), { formatArgs: ['--release-version', release] });
}

const refused =
  (...parts: string[]) =>
  (error: unknown) => {
    assert.ok(error instanceof ReplaygroundError && error.code === 'data-folder-newer', String(error));
    assert.ok(!error.message.includes('\n'), error.message);
    for (const part of parts) assert.ok(error.message.includes(part), error.message);
    return true;
  };

describe('the version of the data', () => {
  test('a home of Kafka 4.3 goes on as it is, and can be upgraded by kafka-features', async () => {
    await using home = await tempHome();
    await formatAs(home.path, '4.3');
    const metadataVersion = async (): Promise<string | undefined> =>
      (await readFile(join(home.path, 'broker.log'), 'utf8')).match(/metadata\.version Optional\[[^\]]+/g)?.at(-1);
    {
      await using broker = await startBroker({ home: home.path, port: 0 });
      assert.equal(await metadataVersion(), 'metadata.version Optional[4.3-IV0');
      const upgraded = await runKafkaTool('features', ['upgrade', '--release-version', release], broker);
      assert.equal(upgraded.exitCode, 0, upgraded.stderr);
    }
    assert.equal(await readFile(join(home.path, 'kafka-version'), 'utf8'), `${version}\n`);
    // On other ports: the upgrade writes no address that would have to stay.
    await using again = await startBroker({ home: home.path, port: 0 });
    assert.match((await metadataVersion()) ?? '', new RegExp(`Optional\\[${release}`), again.brokers);
  });

  test('a home that a newer Kafka ran on is refused before anything is written to it', async () => {
    await using home = await tempHome();
    await writeFile(join(home.path, 'kafka-version'), '4.17.0\n');
    await assert.rejects(
      startBroker({ home: home.path, port: 0 }),
      refused(home.path, 'Kafka 4.17.0', `Kafka ${version}`, 'LAB_HOME', './lab reset --yes'),
    );
    assert.deepEqual(await readdir(home.path), ['kafka-version']);
  });

  test('data of a newer Kafka without a note are told in the same words', async () => {
    await using home = await tempHome();
    await formatAs(home.path, '4.5-IV0', { 'unstable.feature.versions.enable': 'true' });
    await assert.rejects(startBroker({ home: home.path, port: 0 }), refused(home.path, 'a newer Kafka', `Kafka ${version}`, 'LAB_HOME'));
  });

  test('a patch of the same release is not a newer one', () => {
    assert.equal(isNewerRelease('4.4.1', '4.4.0'), false);
    assert.equal(isNewerRelease('4.10.0', '4.9.2'), true);
    assert.equal(isNewerRelease('5.0.0', '4.9.2'), true);
    assert.equal(isNewerRelease('3.9.1', '4.0.0'), false);
    assert.equal(isNewerRelease('', '4.4.0'), false);
  });
});

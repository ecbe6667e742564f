/** Checks of the programs that a lab needs: Node, npm, the Kafka client and what builds it, Java, Maven, Docker. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { bridgeVersion } from '../../kafka/bridge/load.ts';
import type { Finding } from '../../lab/answers/lab.ts';
import { findJava, findMaven } from '../../lab/broker/find-java.ts';
import { defaultCacheDir } from '../../lab/broker/jars.ts';
import { isPackaged } from '../../pipeline/settings/packaged.ts';
import { projectRoot } from '../../pipeline/settings/read-settings.ts';
import { fail, ok, reason, warn } from './doctor-finding.ts';

const timeout = 20_000;

/**
 * @param ownKafka whether the lab is to start a Kafka of its own, for which Java and Maven are needed
 * @returns one finding per program
 */
export async function checkTools(ownKafka: boolean): Promise<Finding[]> {
  const client = await checkClient();
  return Promise.all([
    checkNode(),
    checkNpm(),
    client,
    checkCompiler(client.state === 'ok'),
    ...(ownKafka ? [checkJava(), checkJars()] : []),
    checkDocker(),
  ]);
}

function checkNode(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  const found = `${process.version} (${process.execPath})`;
  return major >= 24 ? ok('Node', found) : fail('Node', found, 'use Node 24 or newer; ./lab fetches one by itself');
}

async function checkNpm(): Promise<Finding> {
  const { stdout, failed } = await execa('npm', ['--version'], { reject: false, timeout });
  return failed ? warn('npm', 'none', 'install npm: ./lab installs the packages with it') : ok('npm', stdout.trim());
}

const codecs = ['gzip', 'snappy', 'lz4', 'zstd'];

async function checkClient(): Promise<Finding> {
  try {
    const { kafka: client } = await import('../../kafka/client/client.ts');
    const { librdkafka, features } = bridgeVersion();
    const missing = codecs.filter((codec) => !features.includes(codec));
    if (missing.length > 0 || librdkafka !== client.librdkafkaVersion)
      throw new Error(`librdkafka ${librdkafka} without ${missing.join(', ')}`);
    return ok('Kafka client, bridge', `librdkafka ${librdkafka} with ${codecs.join(', ')}`);
  } catch (error) {
    return fail(
      'Kafka client, bridge',
      reason(error).split('\n', 1)[0] ?? '',
      `remove ${isPackaged ? 'native/' : ''}node_modules and native/build${isPackaged ? ` in ${projectRoot}` : ''} and run ./lab again: it builds both`,
    );
  }
}

/** The client and the bridge are built from their sources. */
async function checkCompiler(clientWorks: boolean): Promise<Finding> {
  const check = 'compiler, headers';
  const source = '#include <openssl/ssl.h>\n#include <zlib.h>\n';
  const [compile, make, python] = await Promise.all([
    execa('c++', ['-E', '-x', 'c++', '-o', '/dev/null', '-'], { input: source, reject: false, timeout }),
    execa('make', ['--version'], { reject: false, timeout }),
    execa('python3', ['--version'], { reject: false, timeout }),
  ]);
  const missing = [
    ...(compile.code === 'ENOENT' ? ['g++'] : compile.failed ? ['the headers of OpenSSL and zlib'] : []),
    ...(make.failed ? ['make'] : []),
    ...(python.failed ? ['python3'] : []),
  ];
  if (missing.length === 0) return ok(check, 'g++, make, python3, OpenSSL and zlib headers');
  const found = `missing: ${missing.join(', ')}`;
  if (clientWorks) return ok(check, `${found} (not needed: both are built)`);
  return fail(
    check,
    found,
    'Debian, Ubuntu: apt-get install g++ make python3 libssl-dev zlib1g-dev; macOS: xcode-select --install && brew install openssl@3',
  );
}

async function checkJava(): Promise<Finding> {
  try {
    const java = await findJava();
    const { all = '' } = await execa(java, ['-version'], { all: true, reject: false, timeout });
    return ok('Java', `${/version "([^"]+)"/.exec(all)?.[1] ?? 'found'} (${java})`);
  } catch (error) {
    return fail('Java', 'none that is new enough', reason(error));
  }
}

/** Maven is needed once, to fetch Kafka's jars. */
async function checkJars(): Promise<Finding> {
  const folder = defaultCacheDir();
  const kept = existsSync(folder) ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'jars.json'))) : [];
  const jars = kept.length > 0 ? `${kept.map((name) => name.replace(/-[^-]+$/, '')).join(', ')} in ${folder}` : undefined;
  try {
    return ok("Kafka's jars", jars ?? `not fetched yet; Maven is there (${await findMaven()})`);
  } catch (error) {
    return fail("Kafka's jars", `none in ${folder}, and no Maven`, reason(error));
  }
}

async function checkDocker(): Promise<Finding> {
  const { stdout, failed } = await execa('docker', ['version', '--format', '{{.Server.Version}}'], { reject: false, timeout });
  return ok('Docker', failed ? 'no engine (not needed)' : `${stdout.trim()} (not needed)`);
}

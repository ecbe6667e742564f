/** Builds and starts the Kafka Streams program that does the job of inventory-service. */
import { readdir, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { findJava, findMaven } from '../src/broker/java.ts';
import { ReplaygroundError } from '../src/errors.ts';
import type { Command } from './contender.ts';

const project = join(import.meta.dirname, 'peers', 'kafka-streams');
const jar = join(project, 'target', 'kafka-streams-peer.jar');

/** Folder of the jars that the peer runs with. */
export const peerJars = join(project, 'target', 'dependency');

/** JVM flags: a fixed heap, and the collector that gives the most throughput on few cores. */
const jvmFlags = ['-Xms512m', '-Xmx512m', '-XX:+UseParallelGC'];

/** Compiles the peer and copies its jars, where the sources are newer than what was built before. */
export async function buildPeer(): Promise<void> {
  const built = await stat(jar).catch(() => undefined);
  const files = await readdir(join(project, 'src'), { recursive: true, withFileTypes: true });
  const sources = [join(project, 'pom.xml'), ...files.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))];
  const changed = await Promise.all(sources.map(async (source) => (await stat(source)).mtimeMs));
  if (built && changed.every((time) => time <= built.mtimeMs)) return;
  const { exitCode, all } = await execa(await findMaven(), ['-q', '-B', 'package', 'dependency:copy-dependencies'], {
    cwd: project,
    all: true,
    reject: false,
  });
  if (exitCode !== 0) throw new ReplaygroundError('bench-peer-build-failed', `Maven could not build ${project}:\n${all}`);
}

/** What one run of the peer needs to know. */
export type PeerRun = {
  brokers: string;
  ordersTopic: string;
  inventoryTopic: string;
  applicationId: string;
  threads: number;
  stateDir: string;
  failRate: number;
  seed: string;
};

/** @returns the command that runs the peer */
export async function peerCommand(run: PeerRun): Promise<Command> {
  const options = {
    brokers: run.brokers,
    'orders-topic': run.ordersTopic,
    'inventory-topic': run.inventoryTopic,
    'application-id': run.applicationId,
    threads: run.threads,
    'state-dir': run.stateDir,
    'fail-rate': run.failRate,
    seed: run.seed,
  };
  const classPath = [jar, join(peerJars, '*')].join(delimiter);
  return {
    command: await findJava(),
    args: [
      ...jvmFlags,
      '-cp',
      classPath,
      'replayground.peer.Main',
      ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]),
    ],
  };
}

/** Builds and starts the Kafka Streams programs that do the jobs of inventory-service and analytics-service. */
import { readdir, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { ReplaygroundError } from '../src/kafka/errors.ts';
import { findJava, findMaven } from '../src/lab/broker/find-java.ts';
import type { Command } from './contender.ts';
import { faults } from './our-commands.ts';

const project = join(import.meta.dirname, 'peers', 'kafka-streams');
const jar = join(project, 'target', 'kafka-streams-peer.jar');

/** Folder of the jars that the peer runs with. */
export const peerJars = join(project, 'target', 'dependency');

/** JVM flags: a fixed heap, and the collector that gives the most throughput on few cores. */
const jvmFlags = ['-Xms512m', '-Xmx512m', '-XX:+UseParallelGC'];

/**
 * Compiles the peer and copies its jars, where the sources are newer than what was built before.
 * @throws ReplaygroundError `bench-peer-build-failed`, `maven-missing`
 */
export async function buildPeer(say: (line: string) => void): Promise<void> {
  const built = await stat(jar).catch(() => undefined);
  const files = await readdir(join(project, 'src'), { recursive: true, withFileTypes: true });
  const sources = [join(project, 'pom.xml'), ...files.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))];
  const changed = await Promise.all(sources.map(async (source) => (await stat(source)).mtimeMs));
  if (built && changed.every((time) => time <= built.mtimeMs)) return;
  say('building the Kafka Streams peer by Maven (once)');
  const { exitCode, all } = await execa(await findMaven(), ['-q', '-B', 'package', 'dependency:copy-dependencies'], {
    cwd: project,
    all: true,
    reject: false,
  });
  if (exitCode !== 0) throw new ReplaygroundError('bench-peer-build-failed', `Maven could not build ${project}:\n${all}`);
}

/** What one run of the peer needs to know; the group is the application id. */
export type PeerRun = { brokers: string; ordersTopic: string; inventoryTopic: string; group: string; threads: number; stateDir: string };

/** @returns the command that decides, as inventory-service does */
export const decideCommand = (run: PeerRun): Promise<Command> =>
  peerCommand('decide', run, { 'fail-rate': faults.failRate, seed: faults.seed });

/** @param port where it tells its totals; @returns the command that keeps the view, as analytics-service does */
export const viewCommand = (run: PeerRun, port: number): Promise<Command> => peerCommand('view', run, { port });

async function peerCommand(job: 'decide' | 'view', run: PeerRun, more: Record<string, string | number>): Promise<Command> {
  const options = {
    job,
    brokers: run.brokers,
    'orders-topic': run.ordersTopic,
    'inventory-topic': run.inventoryTopic,
    'application-id': run.group,
    threads: run.threads,
    'state-dir': run.stateDir,
    ...more,
  };
  return {
    command: await findJava(),
    args: [
      ...jvmFlags,
      '-cp',
      [jar, join(peerJars, '*')].join(delimiter),
      'replayground.peer.Main',
      ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]),
    ],
  };
}

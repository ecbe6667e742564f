/** What a figure is worth nothing without: the machine and the versions it was measured on. */
import { readdir } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { basename } from 'node:path';
import kafka from '@confluentinc/kafka-javascript';
import clientPackage from '@confluentinc/kafka-javascript/package.json' with { type: 'json' };
import { execa } from 'execa';
import { findJava } from '../src/lab/broker/find-java.ts';
import { resolveJars } from '../src/lab/broker/jars.ts';
import { version } from '../src/pipeline/settings/version.ts';
import { peerJars } from './kafka-streams-peer.ts';
import { findPython } from './python-peer.ts';

export type Environment = { machine: string; versions: Record<string, string> };

/** Load average of the last minute, and whether others used so much of the machine that the figures say little. */
export type Load = { average: number; busy: boolean };

/** Ask before anything is started. */
export function loadNow(): Load {
  const [average = 0] = loadavg();
  return { average, busy: average > availableParallelism() / 4 };
}

/** Asks the machine and the installed parts themselves. */
export async function describeEnvironment(): Promise<Environment> {
  const [java, brokerJars, streamsJars, python] = await Promise.all([
    findJava(),
    resolveJars(),
    readdir(peerJars).catch(() => []),
    findPython(() => {}),
  ]);
  const { all = '' } = await execa(java, ['-version'], { all: true });
  const processors = cpus();
  return {
    machine: `${processors.length} x ${processors[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}`,
    versions: {
      Replayground: version,
      'Apache Kafka': versionOf(brokerJars, /^kafka_2\.13-(.+)\.jar$/),
      'Kafka Streams': versionOf(streamsJars, /^kafka-streams-(.+)\.jar$/),
      Java: /version "(.+?)"/.exec(all)?.[1] ?? 'unknown',
      Node: process.versions.node,
      '@confluentinc/kafka-javascript': clientPackage.version,
      librdkafka: kafka.librdkafkaVersion,
      ...(python.ok && { Python: python.version, 'confluent-kafka': python.clientVersion }),
    },
  };
}

const versionOf = (jars: string[], name: RegExp): string => jars.map((jar) => name.exec(basename(jar))?.[1]).find(Boolean) ?? 'unknown';

/** What a figure is worth nothing without: the machine and the versions it was measured on. */
import { readdir } from 'node:fs/promises';
import { cpus, release, totalmem, type } from 'node:os';
import { basename } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import kafka from '@confluentinc/kafka-javascript';
import clientPackage from '@confluentinc/kafka-javascript/package.json' with { type: 'json' };
import { execa } from 'execa';
import { findJava } from '../src/lab/broker/find-java.ts';
import { resolveJars } from '../src/lab/broker/jars.ts';
import { version } from '../src/pipeline/settings/version.ts';
import { peerJars } from './kafka-streams-peer.ts';
import { findPython } from './python-peer.ts';

export type Environment = { machine: string; versions: Record<string, string> };

/** How many processors others kept busy, and whether that is so much of the machine that the figures say little. */
export type Load = { average: number; busy: boolean };

/**
 * Measures for three seconds, so ask before anything is started. The system's load average would not do: it is of the last minute, so it still
 * tells of what ended before, a part of these measurements for one.
 */
export async function loadNow(): Promise<Load> {
  const before = processorTimes();
  await setTimeout(3000);
  const after = processorTimes();
  const average = ((after.busy - before.busy) / (after.all - before.all)) * cpus().length;
  return { average, busy: average > cpus().length / 4 };
}

/** In milliseconds, of all processors together since the machine started. */
function processorTimes(): { busy: number; all: number } {
  const times = cpus().map(({ times: { user, nice, sys, idle, irq } }) => ({ busy: user + nice + sys + irq, idle }));
  const busy = times.reduce((sum, time) => sum + time.busy, 0);
  return { busy, all: busy + times.reduce((sum, { idle }) => sum + idle, 0) };
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

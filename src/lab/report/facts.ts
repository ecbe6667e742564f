/** What a number in a report was measured on: versions and machine. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { clientVersion, kafka } from '../../kafka/client/client.ts';
import { isPackaged } from '../../pipeline/settings/packaged.ts';
import { projectRoot } from '../../pipeline/settings/read-settings.ts';
import { version } from '../../pipeline/settings/version.ts';

export type Fact = { name: string; value: string };

/** @param isOwnKafka whether the broker is the lab's own, whose version is known */
export function versionFacts(isOwnKafka: boolean): Fact[] {
  const pom = readFileSync(join(projectRoot, 'src/lab/broker/pom.xml'), 'utf8');
  const kafkaVersion = /<kafka\.version>([^<]+)</.exec(pom)?.[1] ?? 'unknown';
  return [
    { name: 'Replayground', value: version },
    // Around a package there may be somebody else's.
    ...(isPackaged ? [] : commitFact()),
    { name: 'Apache Kafka', value: isOwnKafka ? kafkaVersion : 'not started by the lab' },
    { name: 'Client', value: `@confluentinc/kafka-javascript ${clientVersion()}, librdkafka ${kafka.librdkafkaVersion}` },
    { name: 'Node', value: process.version },
  ];
}

/** Of a copy without Git there is none to tell; `-dirty` where files differ from it. */
function commitFact(): Fact[] {
  try {
    const args = ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
    const told = execFileSync('git', args, { cwd: projectRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 5000 });
    return [{ name: 'Commit', value: told.trim() }];
  } catch {
    return [];
  }
}

export function machineFacts(): Fact[] {
  const [first] = cpus();
  return [
    { name: 'Processor', value: `${first?.model.trim() || arch()}, ${cpus().length} ${cpus().length === 1 ? 'core' : 'cores'}` },
    { name: 'Memory', value: `${(totalmem() / 1024 ** 3).toFixed(1)} GiB` },
    // Rates say little about a machine that was busy with something else.
    { name: 'Load', value: `${loadavg()[0]?.toFixed(1)} at the end, mean of a minute` },
    { name: 'System', value: `${type()} ${release()}, ${arch()}` },
  ];
}

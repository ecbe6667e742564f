/** What a number in a report was measured on: versions, machine, settings. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { clientVersion, kafka } from '../../kafka/client.ts';
import { declarations, type Settings } from '../../pipeline/settings/declarations.ts';
import { isPackaged } from '../../pipeline/settings/packaged.ts';
import { projectRoot, readSettings } from '../../pipeline/settings/read-settings.ts';
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

/** Where things are differs in every lab and says nothing about a result. */
const places = new Set([
  'labHome',
  'metricsDir',
  'labPort',
  'kafkaPort',
  'kafkaBrokers',
  'orderServicePort',
  'analyticsServicePort',
  'inventoryServicePort',
  'labCache',
]);

/** @returns the settings that make a difference: those that are not the default, and always the failure rate and throttles */
export function settingFacts(settings: Settings): Fact[] {
  const defaults = readSettings({});
  const always = new Set(['inventoryFailRate', 'failSeed', 'consumerThrottleMs', 'analyticsThrottleMs']);
  return Object.entries(declarations).flatMap(([name, { variable, secret }]) => {
    const key = name as keyof Settings;
    const value = settings[key];
    if (places.has(name) || secret || value === undefined || (!always.has(name) && value === defaults[key])) return [];
    return [{ name: variable, value: String(value) }];
  });
}

/** @returns those of the variables that make a difference to a result */
export function variablesThatMatter(environment: Readonly<Record<string, string>>): Record<string, string> {
  const others = Object.entries(declarations).filter(([name, { secret }]) => secret || places.has(name));
  const left = new Set(others.map(([, { variable }]) => variable));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !left.has(name)));
}

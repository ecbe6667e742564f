/** Settings that somebody gives to a verb beside a lab that runs by others: found by comparing, so that none is passed over in silence. */

import type { LabFile } from '../../pipeline/service/lab-file.ts';
import { declarations, type SettingName, type Settings } from '../../pipeline/settings/declarations.ts';
import { namedBy } from '../../pipeline/settings/read-settings.ts';
import { runtimeSettings } from '../supervisor/named-settings.ts';

/** One setting with two values, as text. */
export type Difference = { name: SettingName; variable: string; given: string; inForce: string };

/** What finds the lab, what is no part of it, and the name that each of its processes has for itself. */
const notOfTheLab: ReadonlySet<SettingName> = new Set(['labHome', 'labCache', 'instance']);

/** How to talk to Kafka: a verb that does talks as it is told, maybe as another user than the services. */
export const securitySettings: readonly SettingName[] = ['securityProtocol', 'saslMechanism', 'saslUsername', 'sslCa', 'sslCert', 'sslKey'];

/**
 * @param own the settings as the verb reads them
 * @param env where they come from: only what it names counts
 * @param file what the running lab says about itself
 * @param obeyed settings by which the verb itself goes
 * @returns where the lab goes by another value; secrets are not compared
 */
export function differences(own: Settings, env: NodeJS.ProcessEnv, file: LabFile, obeyed: readonly SettingName[] = []): Difference[] {
  const inForce: Partial<Settings> = { ...file.settings, ...settled(file) };
  return (Object.keys(declarations) as SettingName[]).flatMap((name) => {
    const variable = namedBy(name, env);
    if (variable === undefined || declarations[name].secret || notOfTheLab.has(name) || obeyed.includes(name)) return [];
    const given = own[name];
    const values = [inForce[name], file.settings[name]];
    if (values.some((value) => isSame(name, given, value))) return [];
    return [{ name, variable, given: shown(given), inForce: shown(values[0]) }];
  });
}

/** @returns what a lab has chosen itself, where the settings left it to choose */
function settled({ brokers, ports }: LabFile): Partial<Settings> {
  return {
    ...(brokers !== null && { kafkaBrokers: brokers }),
    ...(ports.kafka !== null && { kafkaPort: ports.kafka }),
    labPort: ports.lab,
    orderServicePort: ports.orders,
    analyticsServicePort: ports.analytics,
  };
}

function isSame(name: SettingName, given: unknown, inForce: unknown): boolean {
  if (given === inForce) return true;
  if (name === 'kafkaBrokers') return inForce !== undefined && areOf(String(given), String(inForce));
  // 0 is any port: the lab's is one.
  return given === 0 && 'maximum' in declarations[name].schema && declarations[name].schema.maximum === 65535;
}

/** @returns whether every address of the one list stands in the other: then it is the same Kafka */
function areOf(some: string, all: string): boolean {
  const known = new Set(addresses(all));
  return addresses(some).every((address) => known.has(address));
}

const addresses = (list: string): string[] =>
  list.split(',').map((address) =>
    address
      .trim()
      .toLowerCase()
      .replace(/^(localhost|\[::1\])(?=:)/, '127.0.0.1'),
  );

const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : typeof value === 'string' ? JSON.stringify(value) : String(value);

/**
 * @param home LAB_HOME of the lab
 * @returns one line with both values of each, and what to do
 */
export function differencesText(found: readonly Difference[], home: string): string {
  const which = found.map(({ variable, given, inForce }) => `${variable}=${given}, but the lab in ${home} runs with ${inForce}`).join('; ');
  const many = found.length > 1;
  if (found.every(({ name }) => name in runtimeSettings))
    return `${which}: ./lab set changes that while it runs; leave ${many ? 'them' : 'it'} out here`;
  return `${which}: leave ${many ? 'them' : 'it'} out, or ./lab down and ./lab up with ${many ? 'them' : 'it'}, or name another lab by LAB_HOME`;
}

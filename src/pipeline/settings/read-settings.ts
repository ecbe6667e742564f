/** Reads the environment once into one typed, checked object. */
import { delimiter, join, resolve } from 'node:path';
import Value from 'typebox/value';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { type Declaration, declarations, type SettingName, type Settings } from './declarations.ts';

/** The folder that holds `package.json`. */
export const projectRoot = resolve(import.meta.dirname, '../../..');

/**
 * @param env variables by name; an empty one counts as unset
 * @returns all settings, with defaults where nothing is set
 * @throws ReplaygroundError `bad-setting`: names the variable, the value and what is allowed
 */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const values = Object.fromEntries(Object.entries(declarations).map(([name, declaration]) => [name, read(declaration, env)]));
  const labHome = resolve((values.labHome as string | undefined) ?? join(projectRoot, '.lab'));
  const ownResults = join(values.labHome === undefined ? projectRoot : labHome, 'results');
  const metricsDir = resolve((values.metricsDir as string | undefined) ?? ownResults);
  const settings = { ...values, labHome, metricsDir } as Settings;
  checkSecurity(settings);
  checkFolders(settings);
  if (settings.kafkaBrokers !== undefined) checkBrokers(namedBy('kafkaBrokers', env) ?? 'KAFKA_BROKERS', settings.kafkaBrokers);
  return settings;
}

/**
 * @param env variables by name
 * @returns the variable by which the environment itself names this setting, of all its names; undefined where it does not
 */
export function namedBy(name: SettingName, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { variable, aliases, fallback } = declarations[name];
  return [variable, ...aliases, fallback].find((one) => one !== undefined && Boolean(env[one]?.trim()));
}

/** @returns whether the environment itself names this setting, by any of its names */
export const isSet = (name: SettingName, env: NodeJS.ProcessEnv = process.env): boolean => namedBy(name, env) !== undefined;

function read({ variable, aliases, fallback, secret, schema }: Declaration, env: NodeJS.ProcessEnv): unknown {
  const given = [variable, ...aliases].flatMap((name) => (env[name]?.trim() ? [{ name, text: env[name].trim() }] : []));
  const [first] = given;
  const other = given.find(({ text }) => text !== first?.text);
  if (first && other) {
    const [one, two] = [first, other].map(({ name, text }) => `${name}=${secret ? '(hidden)' : JSON.stringify(text)}`);
    throw new ReplaygroundError('bad-setting', `${one} and ${two} name the same setting but differ: set only one of them`);
  }
  const chosen = first ?? (fallback && env[fallback]?.trim() ? { name: fallback, text: env[fallback].trim() } : undefined);
  if (!chosen) return 'default' in schema ? schema.default : undefined;
  const value = isNumeric(schema) ? Number(chosen.text) : matchCase(schema, chosen.text);
  if (!Value.Check(schema, value)) {
    const shown = secret ? '(hidden)' : JSON.stringify(chosen.text);
    throw new ReplaygroundError('bad-setting', `${chosen.name}=${shown} is not allowed: ${allowed(schema)}`);
  }
  return value;
}

const isNumeric = (schema: object): boolean => 'type' in schema && (schema.type === 'integer' || schema.type === 'number');

/** Names such as SASL_SSL are written in either case in the wild. */
function matchCase(schema: unknown, value: string): string {
  return choices(schema).find((choice) => choice.toLowerCase() === value.toLowerCase()) ?? value;
}

function choices(schema: unknown): string[] {
  const { enum: own = [], anyOf = [] } = schema as { enum?: string[]; anyOf?: unknown[] };
  return [...own, ...anyOf.flatMap(choices)];
}

function allowed(schema: unknown): string {
  const { type, minimum, maximum, pattern } = schema as { type?: string; minimum?: number; maximum?: number; pattern?: string };
  if (choices(schema).length > 0) return `one of ${choices(schema).join(', ')}`;
  if (type === 'integer') return `a whole number from ${minimum} to ${maximum}`;
  if (type === 'number') return `a number from ${minimum} to ${maximum}`;
  if (pattern) return `a text that matches ${pattern}`;
  return 'a text that is not empty';
}

function checkSecurity(settings: Settings): void {
  const { securityProtocol, saslMechanism, saslUsername, saslPassword, labHost, labToken, labTrustedNetwork } = settings;
  if (securityProtocol.startsWith('sasl') && !(saslMechanism && saslUsername && saslPassword)) {
    throw new ReplaygroundError(
      'bad-setting',
      `KAFKA_SECURITY_PROTOCOL=${securityProtocol} needs KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD`,
    );
  }
  if (!['127.0.0.1', '::1', 'localhost'].includes(labHost) && !labToken && labTrustedNetwork === 'no') {
    throw new ReplaygroundError('bad-setting', `LAB_HOST=${labHost} is reachable from elsewhere: set LAB_TOKEN too, or leave LAB_HOST out`);
  }
}

/** A path with a line break cannot be shown in one line, and what takes a path apart cannot take such a one whole. */
function checkFolders({ labHome, metricsDir, labCache }: Settings): void {
  for (const [variable, path] of [
    ['LAB_HOME', labHome],
    ['METRICS_DIR', metricsDir],
    ['LAB_CACHE', labCache ?? ''],
  ] as const) {
    if (!/\p{Cc}/u.test(path)) continue;
    throw new ReplaygroundError('bad-setting', `${variable}=${JSON.stringify(path)} is not allowed: a path without control characters`);
  }
  if (labCache?.includes(delimiter)) {
    throw new ReplaygroundError('bad-setting', `LAB_CACHE="${labCache}" is not allowed: Java takes a list of paths apart at ${delimiter}`);
  }
}

/** What one client reads and another does not, Kafka's own tools above all. */
function checkBrokers(variable: string, text: string): void {
  const wrong = text
    .split(',')
    .map((address) => brokerProblem(address.trim()))
    .find((problem) => problem !== undefined);
  if (wrong !== undefined) {
    throw new ReplaygroundError('bad-setting', `${variable}=${JSON.stringify(text)} is not allowed: ${wrong}; write host:port[,host:port]`);
  }
}

function brokerProblem(address: string): string | undefined {
  if (address === '') return 'an address is empty';
  if (/["'`]/.test(address)) return 'there are quotes in it';
  if (/[;\s]/.test(address)) return 'addresses stand apart by commas';
  if (address.includes('://')) return `${address} has a scheme, which KAFKA_SECURITY_PROTOCOL says`;
  const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[^:[\]/]+)(?::(\d+))?$/.exec(address) ?? [];
  if (host === undefined) return `${address} is no host:port`;
  if (port === undefined) return `${address} has no port`;
  return Number(port) < 1 || Number(port) > 65_535 ? `${port} is no port` : undefined;
}

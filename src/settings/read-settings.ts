/** Reads the environment once into one typed, checked object. */
import { dirname, join, resolve } from 'node:path';
import Value from 'typebox/value';
import { ReplaygroundError } from '../errors.ts';
import { type Declaration, declarations, type Settings } from './declarations.ts';

/** The folder that holds `package.json`. */
export const projectRoot = resolve(import.meta.dirname, '../..');

/**
 * @param env variables by name; an empty one counts as unset
 * @returns all settings, with defaults where nothing is set
 * @throws ReplaygroundError `bad-setting`: names the variable, the value and what is allowed
 */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const values = Object.fromEntries(Object.entries(declarations).map(([name, declaration]) => [name, read(declaration, env)]));
  const labHome = resolve((values.labHome as string | undefined) ?? join(projectRoot, '.lab'));
  const metricsDir = resolve((values.metricsDir as string | undefined) ?? join(dirname(labHome), 'results'));
  const settings = { ...values, labHome, metricsDir } as Settings;
  checkSecurity(settings);
  return settings;
}

/**
 * @param env variables by name
 * @returns whether the environment itself names this setting, by any of its names
 */
export function isSet(name: keyof typeof declarations, env: NodeJS.ProcessEnv = process.env): boolean {
  const { variable, aliases, fallback } = declarations[name];
  return [variable, ...aliases, fallback].some((one) => one !== undefined && Boolean(env[one]?.trim()));
}

function read({ variable, aliases, fallback, secret, schema }: Declaration, env: NodeJS.ProcessEnv): unknown {
  const given = [variable, ...aliases].flatMap((name) => (env[name]?.trim() ? [{ name, text: env[name].trim() }] : []));
  const [first] = given;
  const other = given.find(({ text }) => text !== first?.text);
  if (first && other) {
    throw new ReplaygroundError('bad-setting', `${first.name} and ${other.name} name the same setting but differ: set only one of them`);
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

/** The environment of a lab for one run: what the caller gives is obeyed, and what cannot be obeyed is refused. Pure. */

import { ReplaygroundError } from '../../kafka/errors.ts';
import { declarations, type SettingName, type Settings } from '../../pipeline/settings/declarations.ts';
import { namedBy, readSettings } from '../../pipeline/settings/read-settings.ts';
import { withoutSettings } from '../../pipeline/settings/without-settings.ts';
import { securitySettings } from '../client/given-settings.ts';
import type { Scenario } from './define-scenario.ts';

type Environment = Record<string, string>;

const names = Object.keys(declarations) as SettingName[];
const freePorts = { LAB_PORT: '0', KAFKA_PORT: '0', ORDER_SERVICE_PORT: '0', ANALYTICS_SERVICE_PORT: '0', INVENTORY_SERVICE_PORT: '0' };

/** Somebody else's Kafka. The password goes nowhere without the rest. */
const ofAnotherKafka: readonly SettingName[] = ['kafkaBrokers', ...securitySettings];
const ofABurst: readonly SettingName[] = ['mode', 'totalEvents'];
/** Of the run itself, of each process, or refused. */
const notPassedOn = new Set<SettingName>(['labHome', 'metricsDir', 'instance', 'saslPassword', ...ofAnotherKafka, ...ofABurst]);

/** @returns the settings that a lab of its own takes over from its caller, each by its first name: two names would contradict each other */
export const givenSettings = (env: NodeJS.ProcessEnv): Environment => settingsIn(env, (name) => !notPassedOn.has(name));

/** @returns what `env` holds, its settings by their first names */
export const byFirstNames = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ ...withoutSettings(env), ...settingsIn(env, () => true) });

function settingsIn(env: NodeJS.ProcessEnv, isWanted: (name: SettingName) => boolean): Environment {
  return Object.fromEntries(
    names.filter(isWanted).flatMap((name) => {
      const text = env[namedBy(name, env) ?? '']?.trim();
      return text === undefined ? [] : [[declarations[name].variable, text]];
    }),
  );
}

/**
 * @param env the caller's
 * @param environment the scenario's
 * @returns the environment of the lab, but for its folders; ports are free ones where nobody wants others
 */
export const ownEnvironment = (env: NodeJS.ProcessEnv, environment: Readonly<Environment>): NodeJS.ProcessEnv => ({
  ...withoutSettings(env),
  ...freePorts,
  ...givenSettings(env),
  ...byFirstNames(environment),
});

/**
 * @param name of the scenario
 * @throws ReplaygroundError `bad-setting` where the caller gives a setting by which a lab of its own does not run: both values, what to do
 */
export function refuseOtherSettings({ name, scenario }: { name: string; scenario: Scenario }, env: NodeJS.ProcessEnv): void {
  const { environment = {} } = scenario;
  const [given, defaults, ofScenario] = [readSettings(env), readSettings({}), readSettings(environment)];
  for (const setting of names) {
    const variable = namedBy(setting, env);
    if (variable === undefined) continue;
    const refuse = (why: string): never => {
      throw new ReplaygroundError('bad-setting', `${variable}=${shown(setting, given)}, but ${why}`);
    };
    const isDefault = given[setting] === defaults[setting];
    if (ofAnotherKafka.includes(setting) && !isDefault)
      refuse('a lab of its own has a Kafka of its own: leave it out, or use --here in a lab that runs with it');
    if (ofABurst.includes(setting) && !isDefault) refuse('a scenario says itself what it sends: leave it out');
    if (namedBy(setting, environment) !== undefined && given[setting] !== ofScenario[setting])
      refuse(`${name} runs its lab with ${shown(setting, ofScenario)}: leave it out`);
  }
}

function shown(name: SettingName, settings: Settings): string {
  const value = settings[name];
  if (declarations[name].secret) return '(hidden)';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** Which settings a number in a report was measured by. */
import type { Fact } from '../../../lab/report/facts.ts';
import { declarations, type Settings } from '../../../pipeline/settings/declarations.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';

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

/** The settings of the environment that can also change while the services run. Without the Kafka client, which takes long to load. */

import type { Settings } from '../../pipeline/settings/declarations.ts';
import { isSet } from '../../pipeline/settings/read-settings.ts';
import type { RuntimeOverrides } from '../../pipeline/settings/runtime-settings.ts';

/** By setting: whose it is, and what it is called there. */
export const runtimeSettings = {
  consumerThrottleMs: { service: 'inventory-service', key: 'throttleMs' },
  inventoryFailRate: { service: 'inventory-service', key: 'failRate' },
  analyticsThrottleMs: { service: 'analytics-service', key: 'throttleMs' },
  notificationThrottleMs: { service: 'notification-service', key: 'throttleMs' },
  notificationFailRate: { service: 'notification-service', key: 'failRate' },
  notificationRejectRate: { service: 'notification-service', key: 'rejectRate' },
} as const;

/** @returns by service, the runtime settings that the environment names */
export function namedSettings(
  settings: Pick<Settings, keyof typeof runtimeSettings>,
  env: NodeJS.ProcessEnv,
): Record<string, RuntimeOverrides> {
  const named: Record<string, RuntimeOverrides> = { 'inventory-service': {}, 'analytics-service': {}, 'notification-service': {} };
  for (const [name, { service, key }] of Object.entries(runtimeSettings)) {
    const setting = name as keyof typeof runtimeSettings;
    if (isSet(setting, env)) named[service] = { ...named[service], [key]: settings[setting] };
  }
  return named;
}

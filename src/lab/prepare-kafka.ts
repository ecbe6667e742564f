/** What a lab does to its Kafka before the services start: the topics, and the settings that the environment of `up` names. */
import { ReplaygroundError } from '../errors.ts';
import { topicSpecs } from '../events/topics.ts';
import { ensureTopics, listTopics } from '../kafka/admin.ts';
import { checkAccess } from '../kafka/check-access.ts';
import { bootstrapServers, clientConfig } from '../kafka/client-config.ts';
import { connectAdmin } from '../kafka/connect.ts';
import { publishRuntimeSettings, type RuntimeOverrides } from '../kafka/runtime-settings.ts';
import type { Settings } from '../settings/declarations.ts';
import { isSet } from '../settings/read-settings.ts';

/**
 * @param settings where Kafka is, and the start values
 * @param env where the settings come from: only what it names itself is published, so that it outdoes what was set before
 * @throws ReplaygroundError `kafka-unreachable`, `kafka-refused`, `kafka-error`, `topic-not-ready`
 */
export async function prepareKafka(settings: Settings, env: NodeJS.ProcessEnv): Promise<void> {
  const config = clientConfig(settings, 'lab');
  await checkAccess(config);
  using admin = connectAdmin(config);
  await listTopics(admin.client).catch((cause) => {
    const message = `no Kafka answers at ${bootstrapServers(settings)}: check KAFKA_BROKERS and the KAFKA_SECURITY_PROTOCOL of that Kafka`;
    throw new ReplaygroundError('kafka-unreachable', message, { cause, retriable: true });
  });
  await ensureTopics(admin.client, topicSpecs(settings));
  for (const [service, overrides] of Object.entries(namedSettings(settings, env))) {
    if (Object.keys(overrides).length > 0) await publishRuntimeSettings(config, service, overrides);
  }
}

/** @returns by service, the runtime settings that the environment names */
export function namedSettings(
  settings: Pick<Settings, 'consumerThrottleMs' | 'inventoryFailRate' | 'analyticsThrottleMs'>,
  env: NodeJS.ProcessEnv,
): Record<string, RuntimeOverrides> {
  return {
    'inventory-service': {
      ...(isSet('consumerThrottleMs', env) && { throttleMs: settings.consumerThrottleMs }),
      ...(isSet('inventoryFailRate', env) && { failRate: settings.inventoryFailRate }),
    },
    'analytics-service': { ...(isSet('analyticsThrottleMs', env) && { throttleMs: settings.analyticsThrottleMs }) },
  };
}

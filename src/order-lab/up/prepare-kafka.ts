/** What a lab does to its Kafka before the services start: the topics, and the settings that the environment of `up` names. */

import { checkAccess } from '../../kafka/access/check-access.ts';
import { ensureTopics, listTopics } from '../../kafka/admin/admin.ts';
import { bootstrapServers, clientConfig } from '../../kafka/client/client-config.ts';
import { type ClientConfig, connectAdmin } from '../../kafka/client/connect.ts';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { groupMember } from '../../kafka/groups/group-state.ts';
import { KafkaInspector } from '../../kafka/groups/inspector.ts';
import { strangersBefore } from '../../lab/watch/verdict/strangers.ts';
import { topicSpecs } from '../../pipeline/events/topics.ts';
import type { Settings } from '../../pipeline/settings/declarations.ts';
import { publishRuntimeSettings } from '../../pipeline/settings/runtime-settings.ts';
import { namedSettings } from '../supervisor/named-settings.ts';
import { ownNames } from '../supervisor/service-table.ts';

/**
 * @param settings where Kafka is, and the start values
 * @param env where the settings come from: only what it names itself is published, so that it outdoes what was set before
 * @param say gets a line about each group that others read in already
 * @throws ReplaygroundError `kafka-unreachable`, `kafka-refused`, `kafka-error`, `topic-not-ready`
 */
export async function prepareKafka(settings: Settings, env: NodeJS.ProcessEnv, say: (line: string) => void = () => {}): Promise<void> {
  const config = clientConfig(settings, 'lab');
  await checkAccess(config);
  using admin = connectAdmin(config);
  await listTopics(admin.client).catch((cause) => {
    const message = `no Kafka answers at ${bootstrapServers(settings)}: check KAFKA_BROKERS and the KAFKA_SECURITY_PROTOCOL of that Kafka`;
    throw new ReplaygroundError('kafka-unreachable', message, { cause, retriable: true });
  });
  await ensureTopics(admin.client, topicSpecs(settings));
  await lookForStrangers(config, [settings.inventoryGroupId, settings.analyticsGroupId], say);
  for (const [service, overrides] of Object.entries(namedSettings(settings, env))) {
    if (Object.keys(overrides).length > 0) await publishRuntimeSettings(config, service, overrides);
  }
}

/** No news is no reason not to start. */
async function lookForStrangers(config: ClientConfig, groups: readonly string[], say: (line: string) => void): Promise<void> {
  using inspector = new KafkaInspector(config);
  for (const group of groups) {
    // A broker without groups makes the client's other question crash.
    const committed = await inspector.ask('committed', group, false).catch(() => []);
    if (committed.length === 0) continue;
    const description = await inspector.ask('describeGroup', group).catch(() => undefined);
    const text = strangersBefore({ group, members: (description?.members ?? []).map(groupMember), ownNames });
    if (text !== null) say(text);
  }
}

/** The topics of analytics-service: made where they are missing, and known by their ids. */
import { ensureTopics, topicFacts } from '../../kafka/admin/admin.ts';
import { deadLetterTopic, labSettingsTopic, partsTopicSpec } from '../../kafka/admin/side-topics.ts';
import type { TopicFacts } from '../../kafka/admin/topic-change.ts';
import type { WatchedTopic } from '../../kafka/admin/topic-watch.ts';
import { type ClientConfig, connectAdmin } from '../../kafka/client/connect.ts';
import { topicSpecs } from '../events/topics.ts';
import type { Settings } from '../settings/declarations.ts';

/** Makes the topics; the admin client is closed at once, since its calls can abort the process while a broker goes away (librdkafka #4605). */
export async function prepareTopics(config: ClientConfig, settings: Settings): Promise<WatchedTopic[]> {
  using admin = connectAdmin(config);
  await ensureTopics(admin.client, [...topicSpecs(settings), partsTopicSpec(settings.analyticsGroupId)]);
  const { ordersTopic, inventoryTopic } = settings;
  const [orders, inventory, ...remade] = await topicFacts(admin.client, [
    ...[ordersTopic, inventoryTopic],
    ...[deadLetterTopic(inventoryTopic), labSettingsTopic, partsTopicSpec(settings.analyticsGroupId).name],
  ]);
  return [orders as TopicFacts, inventory as TopicFacts, ...remade.map((topic) => ({ ...topic, remade: true }))];
}

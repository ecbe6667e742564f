/** Topics and groups under the names that other write-ups of this system give them: `orders`, `inventory-consumer-group`, ... */
import { readGroupState } from '../../kafka/groups/group-state.ts';
import { note } from '../../lab/terminal/output.ts';
import type { TopicGroupNames } from '../../pipeline/settings/declarations.ts';
import type { KafkaClients } from '../client/kafka-clients.ts';

/** By the setting that names them here. */
const otherNames: Readonly<Record<keyof TopicGroupNames, readonly string[]>> = {
  ordersTopic: ['order-events', 'orders'],
  inventoryTopic: ['inventory-events'],
  inventoryGroupId: ['inventory-service-group', 'inventory-consumer-group'],
  analyticsGroupId: ['analytics-group', 'analytics-consumer', 'analytics-consumer-group'],
  notificationsTopic: ['notifications'],
  notificationGroupId: ['notification-workers'],
};

const topicSettings = ['ordersTopic', 'inventoryTopic', 'notificationsTopic'] as const;
const groupSettings = ['inventoryGroupId', 'analyticsGroupId', 'notificationGroupId'] as const;

/**
 * @param name what somebody wrote
 * @param among the settings it may stand for
 * @param names how topics and groups are called here
 * @returns what that is called here, or undefined where `name` is no other name of anything
 */
export function nameHere(name: string, among: readonly (keyof TopicGroupNames)[], names: TopicGroupNames): string | undefined {
  if (among.some((setting) => names[setting] === name)) return undefined;
  const meant = among.find((setting) => otherNames[setting].includes(name));
  return meant && names[meant];
}

/** @returns the group of that name; where there is none, and the name is another one for a group of this lab, that group */
export async function groupCalled({ inspector, settings }: KafkaClients, name: string): Promise<string> {
  const here = nameHere(name, groupSettings, settings);
  if (here === undefined || (await readGroupState(inspector, name)) !== 'Dead') return name;
  return told(name, here, 'INVENTORY_GROUP_ID and ANALYTICS_GROUP_ID');
}

/** @returns the topic of that name; where there is none, and the name is another one for a topic of this lab, that topic */
export async function topicCalled({ inspector, settings }: KafkaClients, name: string): Promise<string> {
  const here = nameHere(name, topicSettings, settings);
  if (here === undefined || (await inspector.ask('listTopics')).includes(name)) return name;
  return told(name, here, 'ORDERS_TOPIC and INVENTORY_TOPIC');
}

function told(name: string, here: string, variables: string): string {
  note(`lab: ${name} is called ${here} here (${variables} before ./lab up change that)`);
  return here;
}

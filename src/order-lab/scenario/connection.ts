/** A way to one running lab: its settings, its control API, its Kafka, and what its topics and groups are called. */

import { deadLetterTopic, shareLetterTopic } from '../../kafka/admin/side-topics.ts';
import { clientConfig } from '../../kafka/client/client-config.ts';
import type { ClientConfig } from '../../kafka/client/connect.ts';
import { KafkaInspector } from '../../kafka/groups/inspector.ts';
import type { GroupTopics } from '../../kafka/groups/wait-drained.ts';
import type { Settings } from '../../pipeline/settings/declarations.ts';
import { type LabClient, requireLab, settingsOfRunningLab } from '../client/lab-client.ts';
import { pipelineUrls } from '../client/require-pipeline.ts';
import type { Consumer, LabSteps } from './lab-steps.ts';

/** One running lab. A new one after the lab was started again: its ports may be others. */
export type Connection = {
  settings: Settings;
  config: ClientConfig;
  inspector: KafkaInspector;
  client: LabClient;
  analyticsUrl: string;
  ordersUrl: string;
};

/**
 * @param own settings of the lab, as its own environment says
 * @param env that environment
 * @returns a way to the lab that runs there
 * @throws ReplaygroundError `lab-not-running`, `bad-setting`, `other-system`
 */
export async function connectLab(own: Settings, env: NodeJS.ProcessEnv): Promise<Connection> {
  const client = await requireLab(own.labHome);
  const settings = await settingsOfRunningLab(own, env, ['metricsDir']);
  const config = clientConfig(settings, 'scenario');
  const { orders: ordersUrl, analytics: analyticsUrl } = pipelineUrls(await client.state());
  return { settings, config, inspector: new KafkaInspector(config), client, analyticsUrl, ordersUrl };
}

/** @returns the consumer group of a service, and what it reads */
export function groupOf({ settings }: Pick<Connection, 'settings'>, service: Consumer): GroupTopics {
  const { inventoryGroupId, analyticsGroupId, ordersTopic, inventoryTopic } = settings;
  return service === 'inventory-service'
    ? { group: inventoryGroupId, topics: [ordersTopic] }
    : { group: analyticsGroupId, topics: [ordersTopic, inventoryTopic] };
}

export const consumers: readonly Consumer[] = ['inventory-service', 'analytics-service'];

/** @returns topics and groups by what they are for */
export function namesIn(settings: Settings): LabSteps['names'] {
  const { ordersTopic, inventoryTopic, inventoryGroupId, analyticsGroupId, notificationsTopic, notificationGroupId } = settings;
  return {
    orders: ordersTopic,
    inventory: inventoryTopic,
    ordersDlq: deadLetterTopic(ordersTopic),
    inventoryDlq: deadLetterTopic(inventoryTopic),
    notifications: notificationsTopic,
    notificationsDlq: shareLetterTopic(notificationsTopic),
    notificationGroup: notificationGroupId,
    inventoryGroup: inventoryGroupId,
    analyticsGroup: analyticsGroupId,
  };
}

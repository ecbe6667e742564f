/** The topics of the system: their names, partitions and limits. */
import { deadLetterSpec, labSettingsSpec, shareLetterTopic, type TopicSpec } from '../../kafka/admin/side-topics.ts';
import type { Settings } from '../settings/declarations.ts';

/** Largest record of the order and inventory topics; a bigger value is dead-lettered (bytes). */
export const maxRecordBytes = 1024 * 1024;

/**
 * @param letters where its dead letters are that are looked at: those of the share group wait for no consumer group
 * @returns the group that reads the topic; undefined for a topic of others
 */
export const readerOf = (
  { ordersTopic, inventoryTopic, inventoryGroupId, analyticsGroupId, notificationsTopic }: Settings,
  topic: string,
  letters?: string,
): string | undefined =>
  letters === shareLetterTopic(notificationsTopic)
    ? undefined
    : topic === ordersTopic
      ? inventoryGroupId
      : topic === inventoryTopic
        ? analyticsGroupId
        : undefined;

/**
 * @param settings the two topic names
 * @returns every topic of the system, in the order they are made
 */
export function topicSpecs({ ordersTopic, inventoryTopic }: Pick<Settings, 'ordersTopic' | 'inventoryTopic'>): TopicSpec[] {
  return [
    { name: ordersTopic, partitions: 3, config: {} },
    { name: inventoryTopic, partitions: 3, config: {} },
    deadLetterSpec(ordersTopic),
    deadLetterSpec(inventoryTopic),
    labSettingsSpec(),
  ];
}

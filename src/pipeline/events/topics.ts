/** The topics of the system: their names, partitions and limits. */
import { deadLetterSpec, labSettingsSpec, type TopicSpec } from '../../kafka/side-topics.ts';
import type { Settings } from '../settings/declarations.ts';

/** Largest record of the order and inventory topics; a bigger value is dead-lettered (bytes). */
export const maxRecordBytes = 1024 * 1024;

/** @returns the group that reads the topic; undefined for a topic of others */
export const readerOf = (
  { ordersTopic, inventoryTopic, inventoryGroupId, analyticsGroupId }: Settings,
  topic: string,
): string | undefined => (topic === ordersTopic ? inventoryGroupId : topic === inventoryTopic ? analyticsGroupId : undefined);

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

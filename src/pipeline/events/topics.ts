/** The topics of the system: their names, partitions and limits. */
import type { Settings } from '../settings/declarations.ts';

export type TopicSpec = { name: string; partitions: number; config: Record<string, string> };

/** Largest record of the order and inventory topics; a bigger value is dead-lettered (bytes). */
export const maxRecordBytes = 1024 * 1024;

/** Dead-letter topics take much more than their sources, so that a dead letter is never refused (bytes). */
export const maxDeadLetterBytes = 16 * 1024 * 1024;

/** Compacted topic of runtime settings: key = service, value = its settings. */
export const labSettingsTopic = 'lab-settings';

/** @returns the dead-letter topic of `topic` */
export const deadLetterTopic = (topic: string): string => `${topic}.dlq`;

/** @returns where letters of a dead-letter topic go that were sent back often enough */
export const parkingTopic = (deadLetters: string): string => `${deadLetters}.parked`;

/** Sizes and times that the source took are taken here too: a time may lie as far ahead as its writer says. */
const deadLetterConfig = { 'max.message.bytes': String(maxDeadLetterBytes), 'message.timestamp.after.max.ms': String(2n ** 63n - 1n) };

/** @returns how a parking topic is made, when the first letter goes there */
export const parkingTopicSpec = (name: string): TopicSpec => ({ name, partitions: 1, config: deadLetterConfig });

const sentBackSuffix = '.sent-back';

/** @returns the topic that notes which letters of a dead-letter topic were sent back, and where to; made with the first */
export const sentBackTopicSpec = (deadLetters: string): TopicSpec => ({
  name: deadLetters + sentBackSuffix,
  partitions: 1,
  config: { 'cleanup.policy': 'compact' },
});

/** @returns whether it is one of the system's compacted topics: in those Kafka deletes no records on request */
export const isCompacted = (topic: string): boolean => topic === labSettingsTopic || topic.endsWith(sentBackSuffix);

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
    { name: deadLetterTopic(ordersTopic), partitions: 1, config: deadLetterConfig },
    { name: deadLetterTopic(inventoryTopic), partitions: 1, config: deadLetterConfig },
    { name: labSettingsTopic, partitions: 1, config: { 'cleanup.policy': 'compact' } },
  ];
}

/** Topics that stand beside those of a service: its dead letters, what became of them, and what is noted for good. */

export type TopicSpec = { name: string; partitions: number; config: Record<string, string> };

/** Compacted topic of runtime settings, and of what is noted for good: key = service, value = its settings. */
export const labSettingsTopic = 'lab-settings';

/** @returns how the topic of settings and notes is made */
export const labSettingsSpec = (): TopicSpec => ({ name: labSettingsTopic, partitions: 1, config: { 'cleanup.policy': 'compact' } });

/** Dead-letter topics take much more than their sources, so that a dead letter is never refused (bytes). */
export const maxDeadLetterBytes = 16 * 1024 * 1024;

/** @returns the dead-letter topic of `topic` */
export const deadLetterTopic = (topic: string): string => `${topic}.dlq`;

/** @returns where letters of a dead-letter topic go that were sent back often enough */
export const parkingTopic = (deadLetters: string): string => `${deadLetters}.parked`;

/** Sizes and times that the source took are taken here too: a time may lie as far ahead as its writer says. */
const deadLetterConfig = { 'max.message.bytes': String(maxDeadLetterBytes), 'message.timestamp.after.max.ms': String(2n ** 63n - 1n) };

/** @returns how the dead-letter topic of `topic` is made */
export const deadLetterSpec = (topic: string): TopicSpec => ({ name: deadLetterTopic(topic), partitions: 1, config: deadLetterConfig });

/** @returns the topic of the letters that the broker writes for a share group; it wants this prefix unless told otherwise (KIP-1191) */
export const shareLetterTopic = (topic: string): string => `dlq.${topic}`;

/** @returns how it is made */
export const shareLetterSpec = (topic: string): TopicSpec => ({
  name: shareLetterTopic(topic),
  partitions: 1,
  config: { ...deadLetterConfig, 'errors.deadletterqueue.group.enable': 'true' },
});

/** @returns how a parking topic is made, when the first letter goes there */
export const parkingTopicSpec = (name: string): TopicSpec => ({ name, partitions: 1, config: deadLetterConfig });

const sentBackSuffix = '.sent-back';

/** @returns the topic that notes which letters of a dead-letter topic were sent back, and where to; made with the first */
export const sentBackTopicSpec = (deadLetters: string): TopicSpec => ({
  name: deadLetters + sentBackSuffix,
  partitions: 1,
  config: { 'cleanup.policy': 'compact' },
});

const partsSuffix = '.parts';

/**
 * @returns the topic by which the instances of a group tell each other their parts of a view; made by the first of them. A key is written
 *   again and again, so small segments, cleaned early, keep short what an instance reads when it starts.
 */
export const partsTopicSpec = (group: string): TopicSpec => ({
  name: group + partsSuffix,
  partitions: 1,
  config: { 'cleanup.policy': 'compact', 'segment.bytes': String(16 * 1024 * 1024), 'min.cleanable.dirty.ratio': '0.1' },
});

/** @returns whether it is one of these that is compacted: in those Kafka deletes no records on request */
export const isCompacted = (topic: string): boolean =>
  topic === labSettingsTopic || topic.endsWith(sentBackSuffix) || topic.endsWith(partsSuffix);

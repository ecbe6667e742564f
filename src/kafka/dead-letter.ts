/** A record that cannot be read, on its way to the dead-letter topic: untouched, with headers that say where from and why. */
import type { Message, MessageHeader } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { Unreadable } from '../events/decoded.ts';
import { deadLetterTopic } from '../events/topics.ts';
import type { Output } from './exactly-once.ts';

/** Prefix of the headers that we add (the convention of Kafka Connect's and Streams' `__connect.errors.*`, `__streams.errors.*`). */
export const errorHeaderPrefix = '__replayground.errors.';
/** Spring's name for the same, so that its tools find the way back. */
export const springOriginalTopicHeader = 'kafka_dlt-original-topic';

/**
 * @param record what could not be read
 * @param why the reason
 * @param groupId the group that gave up on it
 * @param at when
 * @returns the dead letter: same key, bytes, headers and timestamp
 */
export function deadLetter(record: Message, why: Unreadable, groupId: string, at: Date): Output {
  const errors: Record<string, string> = {
    topic: record.topic,
    partition: String(record.partition),
    offset: String(record.offset),
    group: groupId,
    reason: why.reason,
    message: why.message,
    at: at.toISOString(),
  };
  const added: MessageHeader[] = Object.entries(errors).map(([name, value]) => ({ [errorHeaderPrefix + name]: value }));
  return {
    topic: deadLetterTopic(record.topic),
    partition: 0,
    key: record.key as Buffer | null,
    value: record.value,
    headers: [...(record.headers ?? []), ...added, { [springOriginalTopicHeader]: record.topic }],
    timestamp: record.timestamp,
  };
}

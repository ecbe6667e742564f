/** A record that cannot be read, on its way to the dead-letter topic: untouched, with headers that say where from and why. */
import type { Message, MessageHeader } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { deadLetterTopic } from '../admin/side-topics.ts';
import { clientHeader, type HeaderPair, headerPairs } from '../record/headers.ts';
import type { Output } from '../record/output.ts';

/** Prefix of the headers that we add (the convention of Kafka Connect's and Streams' `__connect.errors.*`, `__streams.errors.*`). */
export const errorHeaderPrefix = '__replayground.errors.';
/** Spring's name for the same, so that its tools find the way back. */
export const springOriginalTopicHeader = 'kafka_dlt-original-topic';

/** Some reasons quote the record: a header as long as its value would double the letter (characters). */
const longestMessage = 1000;

/**
 * @param record what could not be read
 * @param why the reason as one word, and what it means here
 * @param groupId the group that gave up on it
 * @param at when
 * @returns the dead letter: same key, bytes, headers and timestamp
 */
export function deadLetter(record: Message, why: { reason: string; message: string }, groupId: string, at: Date): Output {
  const errors: Record<string, string> = {
    topic: record.topic,
    partition: String(record.partition),
    offset: String(record.offset),
    group: groupId,
    reason: why.reason,
    message: why.message.length > longestMessage ? `${why.message.slice(0, longestMessage)}...` : why.message,
    at: at.toISOString(),
  };
  const added = Object.entries(errors).map(([name, value]): HeaderPair => [errorHeaderPrefix + name, value]);
  return {
    topic: deadLetterTopic(record.topic),
    partition: 0,
    key: record.key as Buffer | null,
    value: record.value,
    headers: [...headerPairs(record.headers), ...added, [springOriginalTopicHeader, record.topic] as const].map(clientHeader),
    timestamp: record.timestamp,
  };
}

/** What the record had itself, and what was added when it died. */
export type LetterHeaders = { own: HeaderPair[]; added: HeaderPair[] };

/**
 * What is ours stands last, from the last header that names a topic: the record may have carried the same names before it died.
 * @param pairs the headers of a dead letter
 * @returns both parts; nothing added where nobody of ours wrote it
 */
export function splitPairs(pairs: readonly HeaderPair[]): LetterHeaders {
  const begin = pairs.findLastIndex(([name]) => name === `${errorHeaderPrefix}topic`);
  return begin < 0 ? { own: [...pairs], added: [] } : { own: pairs.slice(0, begin), added: pairs.slice(begin) };
}

/** @returns {@link splitPairs} of headers as the client gives them */
export const splitLetterHeaders = (headers: readonly MessageHeader[] | undefined): LetterHeaders => splitPairs(headerPairs(headers));

/** A dead letter on its way back to its topic: what goes along, what is taken off, and how often it may try. */
import type { Message, MessageHeader } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { headerValue } from '../events/cloud-events.ts';
import { errorHeaderPrefix } from './dead-letter.ts';
import type { Output } from './exactly-once.ts';

/** How often a record was sent back; it stays on the record, so that one that cannot be helped is not sent for ever. */
export const redrivesHeader = '__replayground.redrives';

/** What the headers of a dead letter say about it; a field is undefined where a foreign record lacks it. */
export type DeadLetterInfo = {
  topic: string | undefined;
  partition: number | undefined;
  offset: number | undefined;
  reason: string | undefined;
  message: string | undefined;
  group: string | undefined;
  at: string | undefined;
  redrives: number;
};

/** Prefix of Spring's headers, of which we write one. */
const springPrefix = 'kafka_dlt-';

/** @returns what is known about a dead letter */
export function deadLetterInfo({ headers }: Pick<Message, 'headers'>): DeadLetterInfo {
  // A record that died twice has the headers of both times: the last ones count.
  const latestFirst = [...(headers ?? [])].reverse();
  const text = (name: string): string | undefined => headerValue(latestFirst, errorHeaderPrefix + name)?.toString();
  const number = (name: string): number | undefined => {
    const value = text(name);
    return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
  };
  return {
    topic: text('topic') ?? headerValue(latestFirst, `${springPrefix}original-topic`)?.toString(),
    partition: number('partition'),
    offset: number('offset'),
    reason: text('reason'),
    message: text('message'),
    group: text('group'),
    at: text('at'),
    redrives: Number(headerValue(latestFirst, redrivesHeader)?.toString() ?? 0) || 0,
  };
}

export type Redrive = { ok: true; output: Output } | { ok: false; why: string };

/**
 * Key, bytes and timestamp stay; a record with a key goes where its key belongs, one without goes back to its partition.
 * @param record a dead letter
 * @param maxRedrives how often a record may be sent back
 * @returns what to send, or why it is not sent
 */
export function redrive(record: Message, maxRedrives: number): Redrive {
  const { topic, partition, redrives } = deadLetterInfo(record);
  if (topic === undefined) return { ok: false, why: 'no header says which topic it comes from' };
  if (redrives >= maxRedrives) return { ok: false, why: `it was sent back ${redrives} times already` };
  const key = record.key as Buffer | null | undefined;
  return {
    ok: true,
    output: {
      topic,
      partition: key === null || key === undefined ? (partition ?? 0) : null,
      key: key ?? null,
      value: record.value,
      headers: [...withoutErrors(record.headers ?? []), { [redrivesHeader]: String(redrives + 1) }],
      timestamp: record.timestamp,
    },
  };
}

const withoutErrors = (headers: readonly MessageHeader[]): MessageHeader[] =>
  headers.filter(
    (header) =>
      !Object.keys(header).some((name) => name.startsWith(errorHeaderPrefix) || name.startsWith(springPrefix) || name === redrivesHeader),
  );

/** What the headers of a dead letter say, whoever wrote it: this project, Kafka Connect, Kafka Streams, Spring. Pure. */
import type { Message, MessageHeader } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { headerValue } from '../events/cloud-events.ts';
import { errorHeaderPrefix } from './dead-letter.ts';

/** How often a record was sent back; it stays on the record, so that one that cannot be helped is not sent for ever. */
export const redrivesHeader = '__replayground.redrives';

/** On a letter in the parking topic: which letter it was, `partition:offset`, and since when it is there. */
export const parkedHeaderPrefix = '__replayground.parked.';

/** A field is undefined where the writer does not say it. */
export type DeadLetterInfo = {
  /** Whose headers they are. */
  writer: 'replayground' | 'connect' | 'streams' | 'spring' | undefined;
  topic: string | undefined;
  partition: number | undefined;
  offset: number | undefined;
  reason: string | undefined;
  message: string | undefined;
  /** The consumer group, or Connect's connector, that gave up on it. */
  group: string | undefined;
  at: string | undefined;
  redrives: number;
  /** `partition:offset` in the dead-letter topic, of a letter that is parked. */
  parkedFrom: string | undefined;
};

type Fields = Pick<DeadLetterInfo, 'topic' | 'partition' | 'offset' | 'reason' | 'message' | 'group' | 'at'>;
type Writer = { name: NonNullable<DeadLetterInfo['writer']>; prefix: string; fields: (headers: Reader) => Fields };

/** Each with the names and the encodings that its source writes. */
const writers: readonly Writer[] = [
  {
    name: 'replayground',
    prefix: errorHeaderPrefix,
    fields: ({ text, number }) => ({
      topic: text('topic'),
      partition: number('partition'),
      offset: number('offset'),
      reason: text('reason'),
      message: text('message'),
      group: text('group'),
      at: text('at'),
    }),
  },
  // org.apache.kafka.connect.runtime.errors.DeadLetterQueueReporter (KIP-298): all as text.
  {
    name: 'connect',
    prefix: '__connect.errors.',
    fields: ({ text, number }) => ({
      topic: text('topic'),
      partition: number('partition'),
      offset: number('offset'),
      reason: text('exception.class.name'),
      message: text('exception.message'),
      group: text('connector.name'),
      at: undefined,
    }),
  },
  // org.apache.kafka.streams.errors.internals.ExceptionHandlerUtils (KIP-1034): all as text.
  {
    name: 'streams',
    prefix: '__streams.errors.',
    fields: ({ text, number }) => ({
      topic: text('topic'),
      partition: number('partition'),
      offset: number('offset'),
      reason: text('exception'),
      message: text('message'),
      group: undefined,
      at: undefined,
    }),
  },
  // org.springframework.kafka.listener.DeadLetterPublishingRecoverer: partition as int, offset as long, big-endian, names as text.
  {
    name: 'spring',
    prefix: 'kafka_dlt-',
    fields: ({ text, integer }) => ({
      topic: text('original-topic'),
      partition: integer('original-partition', 4),
      offset: integer('original-offset', 8),
      reason: text('exception-cause-fqcn') ?? text('exception-fqcn') ?? text('key-exception-fqcn'),
      message: text('exception-message') ?? text('key-exception-message'),
      group: text('original-consumer-group'),
      at: undefined,
    }),
  },
];

/** @returns what is known about a dead letter; where several wrote headers, the first of the list that names a topic counts */
export function deadLetterInfo({ headers }: Pick<Message, 'headers'>): DeadLetterInfo {
  // A record that died twice has the headers of both times: the last ones count.
  const latestFirst = [...(headers ?? [])].reverse();
  const found = writers
    .map(({ name, prefix, fields }) => ({ writer: name, ...fields(readerOf(latestFirst, prefix)) }))
    .find(({ topic }) => topic !== undefined);
  return {
    ...(found ?? noFields),
    redrives: Number(headerValue(latestFirst, redrivesHeader)?.toString() ?? 0) || 0,
    parkedFrom: headerValue(latestFirst, `${parkedHeaderPrefix}letter`)?.toString(),
  };
}

/** @returns the headers that the record had before it died, without the count of its redrives */
export const ownHeaders = (headers: readonly MessageHeader[]): MessageHeader[] =>
  headers.filter(
    (header) => !Object.keys(header).some((name) => name === redrivesHeader || addedPrefixes.some((prefix) => name.startsWith(prefix))),
  );

const addedPrefixes = [...writers.map(({ prefix }) => prefix), parkedHeaderPrefix];

const noFields: Fields & Pick<DeadLetterInfo, 'writer'> = {
  writer: undefined,
  topic: undefined,
  partition: undefined,
  offset: undefined,
  reason: undefined,
  message: undefined,
  group: undefined,
  at: undefined,
};

type Reader = {
  text: (name: string) => string | undefined;
  /** A whole number written as text. */
  number: (name: string) => number | undefined;
  /** A whole number in so many bytes, big-endian. */
  integer: (name: string, bytes: 4 | 8) => number | undefined;
};

function readerOf(latestFirst: MessageHeader[], prefix: string): Reader {
  // Connect writes null where it has nothing to say.
  const value = (name: string): string | Buffer | undefined => headerValue(latestFirst, prefix + name) ?? undefined;
  const text = (name: string): string | undefined => value(name)?.toString();
  return {
    text,
    number: (name) => {
      const digits = text(name);
      return digits !== undefined && /^\d+$/.test(digits) ? Number(digits) : undefined;
    },
    integer: (name, length) => {
      const bytes = value(name);
      if (!Buffer.isBuffer(bytes) || bytes.length !== length) return undefined;
      return length === 4 ? bytes.readInt32BE() : Number(bytes.readBigInt64BE());
    },
  };
}

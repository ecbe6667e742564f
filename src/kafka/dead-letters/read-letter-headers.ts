/** What the headers of a dead letter say, whoever wrote it: this project, the broker, Kafka Connect, Kafka Streams, Spring. Pure. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { type HeaderPair, headerPairs, lastValue } from '../record/headers.ts';
import { errorHeaderPrefix, splitLetterHeaders, splitPairs, springOriginalTopicHeader } from './build-letter.ts';
import { cutHeaders, timestampHeader } from './fit-letter.ts';

/** How often a record was sent back; it stays on the record, so that one that cannot be helped is not sent for ever. */
export const redrivesHeader = '__replayground.redrives';
/** On a record that was sent back: which letter it was, `partition:offset`. */
export const redrivenFromHeader = '__replayground.redrives.letter';

/** On a letter in the parking topic: which letter it was, `partition:offset`, and since when it is there. */
export const parkedHeaderPrefix = '__replayground.parked.';

/** A field is undefined where the writer does not say it. */
export type DeadLetterInfo = {
  /** Whose headers they are. */
  writer: 'replayground' | 'share-group' | 'connect' | 'streams' | 'spring' | undefined;
  topic: string | undefined;
  partition: number | undefined;
  offset: number | undefined;
  reason: string | undefined;
  message: string | undefined;
  /** The consumer group, or Connect's connector, that gave up on it. */
  group: string | undefined;
  at: string | undefined;
  /** How often the broker delivered it, of a letter of a share group. */
  deliveryCount: number | undefined;
  redrives: number;
  /** `partition:offset` of the letter that was sent back and died again as this one. */
  before: string | undefined;
  /** Of a letter that the broker took only in part: size and digest (SHA-256) of the value as it was read, and what is not whole. */
  cut: { size: number; sha256: string; lost: string } | undefined;
  /** The record's own time where the letter has another (epoch milliseconds). */
  recordTime: string | undefined;
  /** `partition:offset` in the dead-letter topic, of a letter that is parked. */
  parkedFrom: string | undefined;
};

type Fields = Pick<DeadLetterInfo, 'topic' | 'partition' | 'offset' | 'reason' | 'message' | 'group' | 'at'> &
  Partial<Pick<DeadLetterInfo, 'deliveryCount'>>;
type Writer = {
  name: NonNullable<DeadLetterInfo['writer']>;
  prefix: string;
  /** Its header that names the topic, without the prefix. */
  topic: string;
  fields: (headers: Reader) => Fields;
};

/** Each with the names and the encodings that its source writes. */
const writers: readonly Writer[] = [
  {
    name: 'replayground',
    prefix: errorHeaderPrefix,
    topic: 'topic',
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
  // The broker, for a share group (KIP-1191): org.apache.kafka.server.share.dlq.ShareGroupDLQStateManager, all as text. Its message says by one
  // of two sentences why.
  {
    name: 'share-group',
    prefix: '__dlq.errors.',
    topic: 'topic',
    fields: ({ text, number }) => ({
      topic: text('topic'),
      partition: number('partition'),
      offset: number('offset'),
      reason: archivedBecause(text('message')),
      message: text('message'),
      group: text('group'),
      at: undefined,
      deliveryCount: number('delivery.count'),
    }),
  },
  // org.apache.kafka.connect.runtime.errors.DeadLetterQueueReporter (KIP-298): all as text.
  {
    name: 'connect',
    prefix: '__connect.errors.',
    topic: 'topic',
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
    topic: 'topic',
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
    topic: 'original-topic',
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

const archivedBecause = (message: string | undefined): string | undefined => {
  if (message === undefined) return undefined;
  return /rejected/i.test(message) ? 'rejected' : /delivery count/i.test(message) ? 'delivery-count' : 'archived';
};

/** @returns what is known about a dead letter; where several wrote headers, those count that were added last */
export function deadLetterInfo({ headers }: Pick<Message, 'headers'>): DeadLetterInfo {
  const pairs = headerPairs(headers);
  const { own, added } = splitLetterHeaders(headers);
  const writer = lastWriter(pairs);
  const isOurs = writer?.name === 'replayground';
  const ofLetter = (name: string): string | undefined => (isOurs ? lastValue(added, name)?.toString() : undefined);
  const [size, sha256] = [ofLetter(cutHeaders.size), ofLetter(cutHeaders.sha256)];
  return {
    deliveryCount: undefined,
    ...(writer === undefined ? noFields : { writer: writer.name, ...writer.fields(readerOf(isOurs ? added : pairs, writer.prefix)) }),
    redrives: Number(lastValue(pairs, redrivesHeader)?.toString() ?? 0) || 0,
    before: lastValue(own, redrivenFromHeader)?.toString(),
    cut: size === undefined || sha256 === undefined ? undefined : { size: Number(size), sha256, lost: ofLetter(cutHeaders.lost) ?? '' },
    recordTime: ofLetter(timestampHeader),
    parkedFrom: lastValue(pairs, `${parkedHeaderPrefix}letter`)?.toString(),
  };
}

/** A record may have carried anybody's headers before it died: whoever named a topic last wrote the letter. */
function lastWriter(pairs: readonly HeaderPair[]): Writer | undefined {
  const { added } = splitPairs(pairs);
  // Ours end in Spring's name for the topic, for its tools; more of Spring's behind it is Spring's.
  const isOurs = added.length > 0 && added.every(([name]) => ourNames.some((one) => name.startsWith(one)));
  if (isOurs) return writers[0];
  const at = ({ prefix, topic }: Writer): number => pairs.findLastIndex(([name]) => name === prefix + topic);
  const [last] = writers.filter((one) => at(one) >= 0).sort((a, b) => at(b) - at(a));
  return last;
}

const ourNames = [errorHeaderPrefix, springOriginalTopicHeader, redrivesHeader, parkedHeaderPrefix];

/** @returns the headers that the record had before it died, without what says that it was sent back */
export function ownHeaders({ headers }: Pick<Message, 'headers'>): HeaderPair[] {
  const writer = lastWriter(headerPairs(headers));
  const before =
    writer?.name === 'replayground'
      ? splitLetterHeaders(headers).own
      : headerPairs(headers).filter(([name]) => writer === undefined || !name.startsWith(writer.prefix));
  return before.filter(([name]) => !name.startsWith(redrivesHeader) && !name.startsWith(parkedHeaderPrefix));
}

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

function readerOf(pairs: readonly HeaderPair[], prefix: string): Reader {
  // A record that died twice has the headers of both times: the last ones count. Connect writes null where it has nothing to say.
  const value = (name: string): string | Buffer | undefined => lastValue(pairs, prefix + name);
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

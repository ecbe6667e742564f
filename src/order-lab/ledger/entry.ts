/** One line of the books: what a record of the log says about one order, without the record itself. Pure. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { deadLetterTopic } from '../../kafka/admin/side-topics.ts';
import { errorHeaderPrefix, splitLetterHeaders } from '../../kafka/dead-letters/build-letter.ts';
import { redrivenFromHeader } from '../../kafka/dead-letters/read-letter-headers.ts';
import { headerPairs, lastValue } from '../../kafka/record/headers.ts';
import { decodeInventoryEvent, type InventoryEventType, inventoryActions } from '../../pipeline/events/inventory-event.ts';
import { orderContents } from '../../pipeline/events/order-contents.ts';
import { decodeOrder } from '../../pipeline/events/order-placed.ts';

/** `garbage`: a record of the orders topic that is no order; `letter`: its dead letter, or that of an order. */
export const entryKinds = ['order', 'decision', 'letter', 'garbage'] as const;
export const decisionTypes = Object.keys(inventoryActions) as InventoryEventType[];

export type Entry = {
  kind: (typeof entryKinds)[number];
  partition: number;
  offset: number;
  /** Where the order stands that a decision or a letter is about; -1 where there is none. */
  sourcePartition: number;
  sourceOffset: number;
  /** Event time (ms since 1970); NaN for letters and garbage. */
  createdAtMs: number;
  /** Index in `decisionTypes`; -1 for what is no decision. */
  type: number;
  /** What an order asks for, see `orderContents`; 0 for all else. */
  contents: number;
};

export type LedgerTopics = { orders: string; inventory: string };

/** What a record adds to the books: an entry under the id that all entries of one order share, or nothing that can be read. */
export type Booking = { id: Buffer; entry: Entry } | 'unreadable-decision' | 'sent-back-decision' | 'foreign-letter';

/** Its key is copied where it is kept. */
export type ReadRecord = Pick<Message, 'topic' | 'partition' | 'offset' | 'key' | 'value' | 'headers'>;

/**
 * @param record of the orders topic, its dead-letter topic, or the inventory topic
 * @param topics how they are called
 */
export function bookingOf(record: ReadRecord, topics: LedgerTopics): Booking {
  if (record.topic === topics.orders) return bookOrder(record);
  return record.topic === deadLetterTopic(topics.orders) ? bookLetter(record, topics) : bookDecision(record, topics);
}

function bookOrder(record: ReadRecord): Booking {
  const { partition, offset, key, value } = record;
  const decoded = decodeOrder(bytesOf(key), value);
  const entry: Entry = {
    kind: 'order',
    partition,
    offset,
    sourcePartition: partition,
    sourceOffset: offset,
    createdAtMs: Number.NaN,
    type: -1,
    contents: 0,
  };
  if (!decoded.ok) return { id: placeId(partition, offset), entry: { ...entry, kind: 'garbage' } };
  entry.createdAtMs = Date.parse(decoded.event.createdAt);
  entry.contents = orderContents(decoded.event);
  // A readable order's key is its id: see `checkKey`.
  return { id: bytesOf(key) as Buffer, entry };
}

function bookDecision({ partition, offset, key, value, headers }: ReadRecord, topics: LedgerTopics): Booking {
  const decoded = decodeInventoryEvent(bytesOf(key), value);
  if (!decoded.ok) return 'unreadable-decision';
  // A dead letter of a share group: it is there again for the group that could not do its work, and was counted where it stood first.
  if (lastValue(headerPairs(headers), redrivenFromHeader) !== undefined) return 'sent-back-decision';
  const { source, createdAt, eventType } = decoded.event;
  const isOurs = source.topic === topics.orders;
  return {
    id: bytesOf(key) as Buffer,
    entry: {
      kind: 'decision',
      partition,
      offset,
      sourcePartition: isOurs ? source.partition : -1,
      sourceOffset: isOurs ? source.offset : -1,
      createdAtMs: Date.parse(createdAt),
      type: decisionTypes.indexOf(eventType),
      contents: 0,
    },
  };
}

/** A letter holds the key and the bytes of its record, so both are told apart by the same test. */
function bookLetter({ partition, offset, key, value, headers }: ReadRecord, topics: LedgerTopics): Booking {
  const { added } = splitLetterHeaders(headers);
  const field = (name: string) => lastValue(added, errorHeaderPrefix + name)?.toString();
  const [sourcePartition, sourceOffset] = [Number(field('partition') ?? -1), Number(field('offset') ?? -1)];
  if (field('topic') !== topics.orders || !(sourcePartition >= 0) || !(sourceOffset >= 0)) return 'foreign-letter';
  const isOrder = decodeOrder(bytesOf(key), value).ok;
  return {
    id: isOrder ? (bytesOf(key) as Buffer) : placeId(sourcePartition, sourceOffset),
    entry: { kind: 'letter', partition, offset, sourcePartition, sourceOffset, createdAtMs: Number.NaN, type: -1, contents: 0 },
  };
}

/** What is no order has no id: its place stands for it. 0xff is in no UTF-8, so no order has such an id. */
const placeId = (partition: number, offset: number): Buffer => Buffer.concat([notUtf8, Buffer.from(`${partition}/${offset}`)]);
const notUtf8 = Buffer.from([0xff]);

const bytesOf = (key: Message['key']): Buffer | null => (typeof key === 'string' ? Buffer.from(key) : (key ?? null));

/** A record as people see it, with what the services make of it. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ExactJson } from '../../kafka/record/exact-json.ts';
import { type RecordJson, recordJson } from '../../kafka/record/show-record.ts';
import { decodeInventoryEvent } from '../../pipeline/events/inventory-event.ts';
import { decodeOrder } from '../../pipeline/events/order-placed.ts';
import type { RecordView } from '../wire/all.ts';

export type TopicNames = { ordersTopic: string; inventoryTopic: string };

/** A value longer than this is cut for the page, which would show a megabyte as slowly as it reads it (characters of text). */
const longestText = 64 * 1024;

/** @returns the record as the page gets it: a long value cut */
export function shortRecord(record: Message): RecordJson {
  const json = recordJson(record);
  const text = json.value instanceof ExactJson ? json.value.text : json.value;
  return typeof text === 'string' && text.length > longestText ? { ...json, value: `${text.slice(0, longestText)}...` } : json;
}

export function recordView(record: Message, { ordersTopic, inventoryTopic }: TopicNames): RecordView {
  const reading =
    record.topic === ordersTopic
      ? readingOf(decodeOrder, record)
      : record.topic === inventoryTopic
        ? readingOf(decodeInventoryEvent, record)
        : null;
  return { ...shortRecord(record), reading };
}

type Decode = typeof decodeOrder | typeof decodeInventoryEvent;

function readingOf(decode: Decode, { key, value }: Message): RecordView['reading'] {
  const decoded = decode(typeof key === 'string' ? Buffer.from(key) : (key ?? null), value);
  if (!decoded.ok) return { ok: false, reason: decoded.reason, message: decoded.message };
  return { ok: true, eventType: decoded.event.eventType, orderId: decoded.event.orderId };
}

/** A record as people see it, with what the services make of it. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { decodeInventoryEvent } from '../../events/inventory-event.ts';
import { decodeOrder } from '../../events/order-placed.ts';
import { recordJson } from '../../kafka/show-record.ts';
import type { RecordView } from '../api-types.ts';

export type TopicNames = { ordersTopic: string; inventoryTopic: string };

/** A value longer than this is cut for the page, which would show a megabyte as slowly as it reads it (characters of text). */
const longestText = 64 * 1024;

export function recordView(record: Message, { ordersTopic, inventoryTopic }: TopicNames): RecordView {
  const json = recordJson(record);
  const value = typeof json.value === 'string' && json.value.length > longestText ? `${json.value.slice(0, longestText)}...` : json.value;
  const reading =
    record.topic === ordersTopic
      ? readingOf(decodeOrder, record)
      : record.topic === inventoryTopic
        ? readingOf(decodeInventoryEvent, record)
        : null;
  return { ...json, value, reading };
}

type Decode = typeof decodeOrder | typeof decodeInventoryEvent;

function readingOf(decode: Decode, { key, value }: Message): RecordView['reading'] {
  const decoded = decode(typeof key === 'string' ? Buffer.from(key) : (key ?? null), value);
  if (!decoded.ok) return { ok: false, reason: decoded.reason, message: decoded.message };
  return { ok: true, eventType: decoded.event.eventType, orderId: decoded.event.orderId };
}

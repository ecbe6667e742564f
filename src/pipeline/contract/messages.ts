/** The messages of the contract: what a record holds beside its topic, as AsyncAPI 3 says it. Made of the schemas that the services read by. */
import type { TSchema } from 'typebox';
import { errorHeaderPrefix, springOriginalTopicHeader } from '../../kafka/dead-letters/build-letter.ts';
import { traceparentHeader } from '../../kafka/record/headers.ts';
import type { EventSource } from '../events/cloud-events.ts';
import { InventoryEvent } from '../events/inventory-event.ts';
import { Id, OrderPlaced } from '../events/order-placed.ts';

export type JsonSchema = Record<string, unknown>;

/** Version of AsyncAPI's Kafka bindings that all of the contract is written by. */
export const bindingVersion = '0.5.0';

/** A TypeBox schema is a JSON Schema; what TypeBox keeps beside is not written. */
const plain = (schema: TSchema): JsonSchema => JSON.parse(JSON.stringify(schema));

/** The events by their names, as JSON Schemas. */
export const eventSchemas: Readonly<Record<'OrderPlaced' | 'InventoryEvent', JsonSchema>> = {
  OrderPlaced: plain(OrderPlaced),
  InventoryEvent: plain(InventoryEvent),
};

/** The key is the order id, always: one order stays in one partition. */
const keyedByOrder = { kafka: { key: { ...plain(Id), description: 'the order id, as in the value' }, bindingVersion } };

/** CloudEvents 1.0 in binary content mode (Kafka protocol binding, section 3.2), see `cloudEventPairs`. */
function cloudEventHeaders(eventType: JsonSchema, source: EventSource): JsonSchema {
  return {
    type: 'object',
    required: ['content-type', 'ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_time'],
    properties: {
      'content-type': { const: 'application/json' },
      ce_specversion: { const: '1.0' },
      ce_id: { type: 'string', description: 'the eventId' },
      ce_type: eventType,
      ce_source: { const: source },
      ce_time: { type: 'string', format: 'date-time', description: 'the createdAt' },
      [traceparentHeader]: { type: 'string', description: 'W3C Trace Context, where a trace is on' },
    },
  };
}

const errorHeaders = ['topic', 'partition', 'offset', 'group', 'reason', 'message', 'at'].map((name) => errorHeaderPrefix + name);

/** All messages, by name. */
export const messages = {
  OrderPlaced: {
    title: 'An order came in',
    summary: 'A reader also takes `OrderCreated` and the older snake-case shape; unknown fields are ignored.',
    contentType: 'application/json',
    headers: cloudEventHeaders({ const: 'OrderPlaced' }, '/replayground/order-service'),
    payload: eventSchemas.OrderPlaced,
    bindings: keyedByOrder,
  },
  InventoryEvent: {
    title: 'What inventory decided on an order',
    summary: 'One for each order, in the partition of the order: the same order always gets the same decision with the same id.',
    contentType: 'application/json',
    headers: cloudEventHeaders(plain(InventoryEvent.properties.eventType), '/replayground/inventory-service'),
    payload: eventSchemas.InventoryEvent,
    bindings: keyedByOrder,
  },
  DeadLetter: {
    title: 'A record that could not be read',
    summary: 'Key, bytes, headers and timestamp as they came, a tombstone still a tombstone; the headers that say why come last.',
    contentType: 'application/octet-stream',
    headers: {
      type: 'object',
      required: [...errorHeaders, springOriginalTopicHeader],
      properties: Object.fromEntries([...errorHeaders, springOriginalTopicHeader].map((name) => [name, { type: 'string' }])),
    },
    bindings: { kafka: { bindingVersion } },
  },
} as const;

export type MessageName = keyof typeof messages;

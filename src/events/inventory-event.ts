/** Inventory's decision on an order: reserved, failed or released. Schema, type, key and bytes, on the topic of decisions. */
import Type, { type Static } from 'typebox';
import Compile from 'typebox/compile';
import { parse as parseUuid, v5 as uuidv5 } from 'uuid';
import { checkKey, type Decoded, firstError, parseObject, unreadable } from './decoded.ts';
import { toUtc } from './event-time.ts';
import { Id, type OrderPlaced, Quantity } from './order-placed.ts';

/** Which action belongs to which event type. */
export const inventoryActions = { InventoryReserved: 'reserve', InventoryFailed: 'reject', InventoryReleased: 'release' } as const;
export type InventoryEventType = keyof typeof inventoryActions;

export const InventoryEvent = Type.Object({
  eventId: Id,
  eventType: Type.Enum(['InventoryReserved', 'InventoryFailed', 'InventoryReleased']),
  orderId: Id,
  action: Type.Enum(['reserve', 'reject', 'release']),
  items: Type.Array(Type.Object({ sku: Id, qty: Quantity })),
  reason: Type.Optional(Type.String()),
  createdAt: Type.String(),
  source: Type.Object({ topic: Type.String(), partition: Type.Integer({ minimum: 0 }), offset: Type.Integer({ minimum: 0 }) }),
});
export type InventoryEvent = Static<typeof InventoryEvent>;

const schema = Compile(InventoryEvent);

/** Namespace of inventory's event ids (RFC 9562, UUIDv5 of the order id): the same decision always has the same id. */
const inventoryNamespace = parseUuid('6f1d1f0e-5b0c-5e0a-9c39-2f0a7d1c4b11');

/**
 * @param order what was decided on
 * @param eventType what was decided
 * @param source where the order stands in the log
 * @returns the event; it holds no clock and no chance, so a recomputed log is byte-identical
 */
export function inventoryEvent(order: OrderPlaced, eventType: InventoryEventType, source: InventoryEvent['source']): InventoryEvent {
  const event: InventoryEvent = {
    eventId: uuidv5(order.orderId, inventoryNamespace),
    eventType,
    orderId: order.orderId,
    action: inventoryActions[eventType],
    items: order.items.map(({ sku, qty }) => ({ sku, qty })),
    createdAt: order.createdAt,
    source,
  };
  if (eventType !== 'InventoryFailed') return event;
  const { createdAt, source: at, ...head } = event;
  return { ...head, reason: 'injected-fault', createdAt, source: at };
}

/**
 * @param key the record's key
 * @param value the record's bytes
 * @returns the event, or why it cannot be read
 */
export function decodeInventoryEvent(key: Buffer | null, value: Buffer | null): Decoded<InventoryEvent> {
  const parsed = parseObject(value);
  if (!parsed.ok) return parsed;
  const { object } = parsed;
  if (typeof object.eventType === 'string' && !Object.hasOwn(inventoryActions, object.eventType)) {
    return unreadable('unknown-type', `the event type ${JSON.stringify(object.eventType)} is not known here`);
  }
  if (!schema.Check(object)) return unreadable('bad-shape', firstError(schema, object));
  if (inventoryActions[object.eventType] !== object.action) {
    return unreadable('bad-shape', `/action ${object.action} does not belong to ${object.eventType}`);
  }
  const createdAt = toUtc(object.createdAt);
  if (createdAt === undefined) return unreadable('bad-shape', '/createdAt is not an RFC 3339 time');
  const wrongKey = checkKey(key, object.orderId);
  if (wrongKey) return wrongKey;
  object.createdAt = createdAt;
  return { ok: true, event: object };
}

/** @returns the record's value; its key is the order id */
export const encodeInventoryEvent = (event: InventoryEvent): Buffer => Buffer.from(JSON.stringify(event), 'utf8');

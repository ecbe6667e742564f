/** Inventory's decision on an order: reserved, failed or released. Schema, type, key and bytes, on the topic of decisions. */
import Type, { type Static } from 'typebox';
import Compile from 'typebox/compile';
import { timeRule, toUtc } from '../../kafka/record/event-time.ts';
import { checkKey, type Decoded, firstError, isPlainId, parseObject, unreadable } from './decoded.ts';
import { eventIdsOf } from './event-id.ts';
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

/** The same decision always has the same id. */
const inventoryEventId = eventIdsOf('6f1d1f0e-5b0c-5e0a-9c39-2f0a7d1c4b11');

/**
 * @param order what was decided on
 * @param eventType what was decided
 * @param source where the order stands in the log
 * @returns the event; it holds no clock and no chance, so a recomputed log is byte-identical
 */
export function inventoryEvent(order: OrderPlaced, eventType: InventoryEventType, source: InventoryEvent['source']): InventoryEvent {
  const { orderId, createdAt } = order;
  const eventId = inventoryEventId(orderId);
  const action = inventoryActions[eventType];
  const items = order.items.map(({ sku, qty }) => ({ sku, qty }));
  if (eventType !== 'InventoryFailed') return { eventId, eventType, orderId, action, items, createdAt, source };
  return { eventId, eventType, orderId, action, items, reason: 'injected-fault', createdAt, source };
}

/** The short way for nearly all decisions: what it says yes to, the schema says yes to as well. */
function isPlainDecision(object: Record<string, unknown>): object is InventoryEvent {
  const { eventId, eventType, orderId, action, items, reason, createdAt, source } = object;
  if (!isPlainId(eventId) || !isPlainId(orderId) || typeof createdAt !== 'string') return false;
  if (typeof eventType !== 'string' || !Object.hasOwn(inventoryActions, eventType)) return false;
  if (action !== inventoryActions[eventType as InventoryEventType]) return false;
  if (reason !== undefined && typeof reason !== 'string') return false;
  if (typeof source !== 'object' || source === null || !Array.isArray(items)) return false;
  const { topic, partition, offset } = source as Record<string, unknown>;
  if (typeof topic !== 'string' || !isCount(partition) || !isCount(offset)) return false;
  return items.every((item) => typeof item === 'object' && item !== null && isPlainId(item.sku) && isCount(item.qty) && item.qty > 0);
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

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
  if (!isPlainDecision(object) && !schema.Check(object)) return unreadable('bad-shape', firstError(schema, object));
  if (inventoryActions[object.eventType] !== object.action) {
    return unreadable('bad-shape', `/action ${object.action} does not belong to ${object.eventType}`);
  }
  const createdAt = toUtc(object.createdAt);
  if (createdAt === undefined) return unreadable('bad-shape', `/createdAt ${timeRule}`);
  const wrongKey = checkKey(key, object.orderId);
  if (wrongKey) return wrongKey;
  object.createdAt = createdAt;
  return { ok: true, event: object };
}

/** @returns the record's value; its key is the order id */
export const encodeInventoryEvent = (event: InventoryEvent): Buffer => Buffer.from(JSON.stringify(event), 'utf8');

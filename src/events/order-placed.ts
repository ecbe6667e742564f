/** OrderPlaced: an order came in. Schema, type, older shapes, key and bytes, on the topic of orders. */
import Type, { type Static } from 'typebox';
import Compile from 'typebox/compile';
import { parse as parseUuid, v5 as uuidv5 } from 'uuid';
import { checkKey, type Decoded, firstError, parseObject, unreadable } from './decoded.ts';
import { toUtc } from './event-time.ts';

/** An id is any text that is not blank; case and Unicode form are kept. */
export const Id = Type.String({ pattern: '\\S', description: 'any text that is not blank' });
export const Quantity = Type.Integer({ minimum: 1, description: 'a whole number from 1' });

export const OrderItem = Type.Object({
  sku: Id,
  qty: Quantity,
  price: Type.Optional(Type.Number({ description: 'price of one' })),
});

export const OrderPlaced = Type.Object({
  eventId: Id,
  eventType: Type.Literal('OrderPlaced'),
  orderId: Id,
  userId: Type.Optional(Type.String()),
  items: Type.Array(OrderItem, { minItems: 1 }),
  totalAmount: Type.Optional(Type.Number()),
  status: Type.Enum(['placed', 'failed']),
  createdAt: Type.String(),
});
export type OrderPlaced = Static<typeof OrderPlaced>;
export type OrderItem = Static<typeof OrderItem>;

const schema = Compile(OrderPlaced);

/** Namespace of the event ids that are derived from an order id (RFC 9562, UUIDv5); as bytes, so that it is not parsed for each id. */
export const orderNamespace = parseUuid('3b6f0a52-6a3c-5d0e-8f3b-5d1f6c1e2a90');

/**
 * Brings the older shapes into today's, once, at the edge.
 * @param object as parsed: today's shape, `OrderCreated`, or the snake-case shape (`order_id`, `item_id`, `quantity`)
 * @returns today's shape, unchecked; fields that are not known are left out
 */
export function upcastOrder(object: Record<string, unknown>): Record<string, unknown> {
  const snake = 'order_id' in object && !('orderId' in object);
  const orderId = snake ? object.order_id : object.orderId;
  const eventType = object.eventType ?? object.event_type;
  const upcast: Record<string, unknown> = {
    eventId: object.eventId ?? object.event_id ?? (isText(orderId) ? uuidv5(orderId, orderNamespace) : undefined),
    eventType: eventType === 'OrderCreated' ? 'OrderPlaced' : eventType,
    orderId,
    items: Array.isArray(object.items) ? object.items.map(snake ? upcastItem : knownItemFields) : object.items,
    status: object.status ?? 'placed',
    createdAt: object.createdAt ?? object.timestamp,
  };
  setIfGiven(upcast, 'userId', snake ? object.user_id : object.userId);
  setIfGiven(upcast, 'totalAmount', snake ? object.total_amount : object.totalAmount);
  return upcast;
}

function upcastItem(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  const { item_id, quantity, price, sku = item_id, qty = quantity } = item as Record<string, unknown>;
  return knownItemFields({ sku, qty, price });
}

function knownItemFields(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  const { sku, qty, price } = item as Record<string, unknown>;
  return price === undefined || price === null ? { sku, qty } : { sku, qty, price };
}

/** A UUID cannot be made of half a surrogate pair; the check of the shape or of the key says what is wrong with it. */
const isText = (id: unknown): id is string => typeof id === 'string' && id.isWellFormed();

/** A missing optional field and one that is null mean the same. */
function setIfGiven(target: Record<string, unknown>, field: string, value: unknown): void {
  if (value !== undefined && value !== null) target[field] = value;
}

/**
 * @param key the record's key
 * @param value the record's bytes
 * @returns the order in today's shape with a UTC time, or why it cannot be read
 */
export function decodeOrder(key: Buffer | null, value: Buffer | null): Decoded<OrderPlaced> {
  const parsed = parseObject(value);
  if (!parsed.ok) return parsed;
  const order = upcastOrder(parsed.object);
  if (typeof order.eventType === 'string' && order.eventType !== 'OrderPlaced') {
    return unreadable('unknown-type', `the event type ${JSON.stringify(order.eventType)} is not known here`);
  }
  if (!schema.Check(order)) return unreadable('bad-shape', firstError(schema, order));
  const createdAt = toUtc(order.createdAt);
  if (createdAt === undefined) return unreadable('bad-shape', '/createdAt is not an RFC 3339 time');
  const wrongKey = checkKey(key, order.orderId);
  if (wrongKey) return wrongKey;
  order.createdAt = createdAt;
  return { ok: true, event: order };
}

/** @returns the record's value; its key is the order id */
export const encodeOrder = (order: OrderPlaced): Buffer => Buffer.from(JSON.stringify(order), 'utf8');

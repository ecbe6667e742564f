/** OrderPlaced: an order came in. Schema, type, older shapes, key and bytes, on the topic of orders. */
import Type, { type Static } from 'typebox';
import Compile from 'typebox/compile';
import { epochToUtc, timeRule, toUtc } from '../../kafka/record/event-time.ts';
import { checkKey, type Decoded, firstError, isPlainId, parseObject, unreadable } from './decoded.ts';
import { eventIdsOf } from './event-id.ts';

/** An id is any text that is not blank; case and Unicode form are kept. */
export const Id = Type.String({ pattern: '\\S', description: 'any text that is not blank' });
/** Beyond 2^53 a number of JSON is no longer the one that was written (RFC 8259, section 6). */
export const Quantity = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'a whole number from 1' });

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

/** @returns the event id that is derived from an order id */
export const orderEventId = eventIdsOf('3b6f0a52-6a3c-5d0e-8f3b-5d1f6c1e2a90');

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
    eventId: object.eventId ?? object.event_id ?? derivedEventId(orderId),
    eventType: eventType === 'OrderCreated' ? 'OrderPlaced' : eventType,
    orderId,
    items: Array.isArray(object.items) ? object.items.map(snake ? upcastItem : knownItemFields) : object.items,
    status: object.status ?? 'placed',
    createdAt: textOfTime(object.createdAt ?? object.timestamp),
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

/** No UUID can be made of what is no text, nor of half a surrogate pair: then the order id is what is wrong, not the event's. */
const derivedEventId = (orderId: unknown): string =>
  typeof orderId === 'string' && orderId.isWellFormed() ? orderEventId(orderId) : 'none: the order has no id';

/** An epoch number that is no time stays a number, and is refused as one. */
const textOfTime = (time: unknown): unknown => (typeof time === 'number' ? (epochToUtc(time) ?? time) : time);

const snakeNames: Record<string, string> = {
  eventId: 'event_id',
  eventType: 'event_type',
  orderId: 'order_id',
  userId: 'user_id',
  totalAmount: 'total_amount',
  createdAt: 'timestamp',
  sku: 'item_id',
  qty: 'quantity',
};

/** @returns what is wrong with an order's shape, with the JSON Pointer to the field as the record names it */
function wrongShape(order: Record<string, unknown>, written: Record<string, unknown>): string {
  if (typeof order.createdAt === 'number') return `${asWritten('/createdAt', written)} ${timeRule}`;
  const message = firstError(schema, order);
  const [pointer = ''] = message.split(' ', 1);
  return asWritten(pointer, written) + message.slice(pointer.length);
}

/** The same path with the older names where the record has those. */
function asWritten(pointer: string, written: Record<string, unknown>): string {
  const path: string[] = [];
  let at: unknown = written;
  for (const name of pointer.split('/').slice(1)) {
    const fields: object = typeof at === 'object' && at !== null ? at : {};
    const older = snakeNames[name];
    const found = older !== undefined && older in fields && !(name in fields) ? older : name;
    path.push(found);
    at = (fields as Record<string, unknown>)[found];
  }
  return `/${path.join('/')}`;
}

/** A missing optional field and one that is null mean the same. */
function setIfGiven(target: Record<string, unknown>, field: string, value: unknown): void {
  if (value !== undefined && value !== null) target[field] = value;
}

/**
 * The short way for nearly all orders: today's shape, as plain as it is mostly written.
 * @returns what `upcastOrder`, the schema and `toUtc` would give; undefined for whatever needs a closer look, be it right or wrong
 */
function plainOrder(object: Record<string, unknown>): OrderPlaced | undefined {
  const { eventId, eventType, orderId, createdAt, userId, totalAmount } = object;
  if (eventType !== 'OrderPlaced' || !isPlainId(eventId) || !isPlainId(orderId) || typeof createdAt !== 'string') return undefined;
  const status = object.status ?? 'placed';
  if (status !== 'placed' && status !== 'failed') return undefined;
  const items = plainItems(object.items);
  const utc = items && toUtc(createdAt);
  if (!utc) return undefined;
  const order: OrderPlaced = { eventId, eventType, orderId, items, status, createdAt: utc };
  if (typeof userId === 'string') order.userId = userId;
  else if (userId !== undefined && userId !== null) return undefined;
  if (Number.isFinite(totalAmount)) order.totalAmount = totalAmount as number;
  else if (totalAmount !== undefined && totalAmount !== null) return undefined;
  return order;
}

function plainItems(items: unknown): OrderItem[] | undefined {
  if (!Array.isArray(items) || items.length === 0) return undefined;
  const plain: OrderItem[] = [];
  for (const item of items) {
    if (typeof item !== 'object' || item === null) return undefined;
    const { sku, qty, price } = item as Record<string, unknown>;
    if (!isPlainId(sku) || !Number.isSafeInteger(qty) || (qty as number) < 1) return undefined;
    if (price === undefined || price === null) plain.push({ sku, qty: qty as number });
    else if (Number.isFinite(price)) plain.push({ sku, qty: qty as number, price: price as number });
    else return undefined;
  }
  return plain;
}

/**
 * @param key the record's key
 * @param value the record's bytes; a part of a larger buffer will do, nothing is copied or kept
 * @returns the order in today's shape with a UTC time, or why it cannot be read
 */
export function decodeOrder(key: Buffer | null, value: Buffer | null): Decoded<OrderPlaced> {
  const parsed = parseObject(value);
  if (!parsed.ok) return parsed;
  const plain = plainOrder(parsed.object);
  if (plain) {
    const wrongKey = checkKey(key, plain.orderId);
    return wrongKey ?? { ok: true, event: plain };
  }
  const order = upcastOrder(parsed.object);
  if (typeof order.eventType === 'string' && order.eventType !== 'OrderPlaced') {
    return unreadable('unknown-type', `the event type ${JSON.stringify(order.eventType)} is not known here`);
  }
  if (!schema.Check(order)) return unreadable('bad-shape', wrongShape(order, parsed.object));
  const createdAt = toUtc(order.createdAt);
  if (createdAt === undefined) return unreadable('bad-shape', `${asWritten('/createdAt', parsed.object)} ${timeRule}`);
  const wrongKey = checkKey(key, order.orderId);
  if (wrongKey) return wrongKey;
  order.createdAt = createdAt;
  return { ok: true, event: order };
}

/** @returns the record's value; its key is the order id */
export const encodeOrder = (order: OrderPlaced): Buffer => Buffer.from(JSON.stringify(order), 'utf8');

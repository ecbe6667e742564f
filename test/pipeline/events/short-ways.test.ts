/** The short ways give what the plain ones give, for every input: ids, orders, decisions, bytes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import Compile from 'typebox/compile';
import { v5 as uuidv5 } from 'uuid';
import { epochToUtc, toUtc } from '../../../src/kafka/record/event-time.ts';
import { eventIdsOf } from '../../../src/pipeline/events/event-id.ts';
import { decodeInventoryEvent, InventoryEvent, inventoryActions, inventoryEvent } from '../../../src/pipeline/events/inventory-event.ts';
import { decodeOrder, OrderPlaced, upcastOrder } from '../../../src/pipeline/events/order-placed.ts';
import { mutated } from '../../fuzz/weird.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', minLength: 1 }),
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }).filter((one) => one.isWellFormed()),
  fc.constantFrom('"', '\\', '\0', '\u2028', 'ÿ', 'é'.repeat(40), 'x'.repeat(900), '😀'.repeat(300), '\u007f'),
);
const schemas = { order: Compile(OrderPlaced), decision: Compile(InventoryEvent) };

test('an event id is the UUIDv5 that everybody computes', () => {
  const namespace = '6f1d1f0e-5b0c-5e0a-9c39-2f0a7d1c4b11';
  const idOf = eventIdsOf(namespace);
  fc.assert(
    fc.property(text, (name) => assert.equal(idOf(name), uuidv5(name, namespace))),
    { numRuns: 1500 },
  );
});

/** What a value says that is JSON in UTF-8; the rest is the same for all. */
function parsed(value: Buffer): Record<string, unknown> | undefined {
  try {
    const json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value));
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function plainOrder(key: Buffer, value: Buffer): unknown {
  const object = parsed(value);
  const order = object && upcastOrder(object);
  if (!order || !schemas.order.Check(order)) return undefined;
  const createdAt = toUtc(order.createdAt);
  if (!createdAt || !order.orderId.isWellFormed() || !key.equals(Buffer.from(order.orderId))) return undefined;
  return { ...order, createdAt };
}

function plainDecision(key: Buffer, value: Buffer): unknown {
  const object = parsed(value);
  if (!object || !schemas.decision.Check(object) || inventoryActions[object.eventType] !== object.action) return undefined;
  const createdAt = toUtc(object.createdAt);
  if (!createdAt || !object.orderId.isWellFormed() || !key.equals(Buffer.from(object.orderId))) return undefined;
  return known({ ...object, createdAt });
}

/** Unknown fields stay where they were, and may be deeper than a comparison goes. */
const known = ({ eventId, eventType, orderId, action, items, reason, createdAt, source }: InventoryEvent): object => ({
  ...{ eventId, eventType, orderId, action, reason, createdAt },
  source: `${source.topic}/${source.partition}/${source.offset}`,
  items: items.map(({ sku, qty }) => [sku, qty]),
});

/** Times for an order, some of which are none. */
const times = fc.oneof(
  fc.constantFrom('2026-11-25T20:30:00.000Z', '2026-11-25T20:30Z', '2026-02-30T00:00:00.000Z', '', 'x', '2026-11-26T02:00+0530'),
  fc.integer({ min: -5, max: 1e13 }),
);

test('orders are read as the schema reads them, whatever is in them', () => {
  const whole = fc
    .record({
      orderId: text,
      eventId: text,
      userId: text,
      sku: text,
      price: fc.double(),
      qty: fc.double(),
      status: fc.constantFrom('placed', 'failed', 'x'),
    })
    .map(({ orderId, eventId, userId, sku, price, qty, status }) =>
      Object.entries({ orderId, eventId, userId, items: [{ sku, qty: Math.round(qty) || 1, price }], status }),
    )
    .chain((entries) => fc.subarray(entries, { minLength: 3 }))
    .chain((entries) => times.map((createdAt) => [['eventType', 'OrderPlaced'], ['createdAt', createdAt], ...entries]))
    .map((entries) => Buffer.from(JSON.stringify(Object.fromEntries(entries))));
  const valid = {
    eventId: '"e"',
    eventType: '"OrderPlaced"',
    orderId: '"fuzz"',
    userId: '"u"',
    items: '[{"sku":"burger","qty":1,"price":5}]',
    totalAmount: '5',
    status: '"placed"',
    createdAt: '"2026-11-25T20:30:00.000Z"',
  };
  let readable = 0;
  fc.assert(
    fc.property(fc.oneof(whole, mutated(valid)), fc.boolean(), (value, otherKey) => {
      const { orderId } = parsed(value) ?? {};
      const key = Buffer.from(typeof orderId === 'string' && !otherKey ? orderId : 'fuzz');
      const decoded = decodeOrder(key, value);
      const plain = key.length === 0 ? undefined : plainOrder(key, value);
      assert.deepEqual(decoded.ok ? decoded.event : undefined, plain);
      if (decoded.ok) readable += 1;
      // A part of a larger buffer is read alike.
      const arena = Buffer.concat([Buffer.from('\u00e9"'), key, value, Buffer.from('}')]);
      const [from, to] = [3 + key.length, 3 + key.length + value.length];
      assert.deepEqual(decodeOrder(arena.subarray(3, from), arena.subarray(from, to)), decoded);
    }),
    { numRuns: 2500 },
  );
  assert.ok(readable > 200, `only ${readable} could be read`);
  assert.ok(epochToUtc(1e12));
});

const decisions = fc
  .record({
    orderId: text,
    skus: fc.array(text, { minLength: 1, maxLength: 4 }),
    qty: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    topic: text,
  })
  .chain(({ orderId, skus, qty, topic }) =>
    fc.constantFrom('InventoryReserved' as const, 'InventoryFailed' as const, 'InventoryReleased' as const).map((type) => {
      const items = skus.map((sku) => ({ sku, qty, price: 1 }));
      const createdAt = '2026-11-25T20:30:00.000Z';
      const order: OrderPlaced = { eventId: 'e', eventType: 'OrderPlaced', orderId, items, status: 'placed', createdAt };
      return inventoryEvent(order, type, { topic, partition: 2, offset: qty });
    }),
  );

test('decisions are read as the schema reads them, whatever is in them', () => {
  const valid = {
    eventId: '"e"',
    eventType: '"InventoryFailed"',
    orderId: '"fuzz"',
    action: '"reject"',
    items: '[{"sku":"burger","qty":1}]',
    reason: '"injected-fault"',
    createdAt: '"2026-11-25T20:30:00.000Z"',
    source: '{"topic":"t","partition":0,"offset":7}',
  };
  fc.assert(
    fc.property(
      fc.oneof(
        mutated(valid),
        decisions.map((event) => Buffer.from(JSON.stringify(event))),
      ),
      (value) => {
        const { orderId } = parsed(value) ?? {};
        const key = Buffer.from(typeof orderId === 'string' ? orderId : 'fuzz');
        const decoded = decodeInventoryEvent(key, value);
        assert.deepEqual(decoded.ok ? known(decoded.event) : undefined, key.length === 0 ? undefined : plainDecision(key, value));
      },
    ),
    { numRuns: 2000 },
  );
});

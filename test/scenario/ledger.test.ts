import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeInventoryEvent, inventoryEvent } from '../../src/events/inventory-event.ts';
import { encodeOrder, type OrderPlaced } from '../../src/events/order-placed.ts';
import { balance } from '../../src/scenario/ledger.ts';

const order = (orderId: string): OrderPlaced => ({
  eventId: `event-${orderId}`,
  eventType: 'OrderPlaced',
  orderId,
  items: [{ sku: 'burger', qty: 1 }],
  status: 'placed',
  createdAt: '2026-01-05T10:20:30.123Z',
});
const placed = (orderId: string) => ({ key: Buffer.from(orderId), value: encodeOrder(order(orderId)) });
const decided = (orderId: string) => ({
  key: Buffer.from(orderId),
  value: encodeInventoryEvent(inventoryEvent(order(orderId), 'InventoryReserved', { topic: 'order-events', partition: 0, offset: 1 })),
});

test('books that balance have nothing to say', () => {
  const { orders, decisions, missing, decidedTwice, unknown } = balance([placed('a'), placed('b')], [decided('b'), decided('a')]);
  assert.deepEqual([orders, decisions, missing, decidedTwice, unknown], [2, 2, [], [], []]);
});

test('an order that was dropped, decided twice, or never placed is named', () => {
  const ledger = balance([placed('a'), placed('b')], [decided('b'), decided('b'), decided('ghost')]);
  assert.deepEqual(ledger.missing, ['a']);
  assert.deepEqual(ledger.decidedTwice, ['b']);
  assert.deepEqual(ledger.unknown, ['ghost']);
  assert.deepEqual(ledger.byType, { InventoryReserved: 3 });
});

test('duplicates and garbage are counted and are no orders of their own', () => {
  const { records, orders, duplicates, unreadable } = balance([placed('a'), placed('a'), { key: null, value: Buffer.from('?') }], []);
  assert.deepEqual([records, orders, duplicates, unreadable], [3, 1, 1, 1]);
});

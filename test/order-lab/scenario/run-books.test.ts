import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunBooks } from '../../../src/order-lab/scenario/run-books.ts';
import { encodeInventoryEvent, inventoryEvent } from '../../../src/pipeline/events/inventory-event.ts';
import { encodeOrder, type OrderPlaced } from '../../../src/pipeline/events/order-placed.ts';

const order = (orderId: string): OrderPlaced => ({
  eventId: `event-${orderId}`,
  eventType: 'OrderPlaced',
  orderId,
  items: [{ sku: 'burger', qty: 1 }],
  status: 'placed',
  createdAt: '2026-01-05T10:20:30.123Z',
});

const balance = (orders: readonly (string | null)[], decisions: readonly { id: string; source: number }[], from?: Map<string, number>) => {
  using books = new RunBooks({ orders: 'orders', inventory: 'decisions' });
  const place = { partition: 0, headers: [] };
  orders.forEach((id, offset) => {
    const value = id === null ? Buffer.from('?') : encodeOrder(order(id));
    books.add({ ...place, topic: 'orders', offset, key: id === null ? null : Buffer.from(id), value });
  });
  decisions.forEach(({ id, source }, offset) => {
    const value = encodeInventoryEvent(inventoryEvent(order(id), 'InventoryReserved', { topic: 'orders', partition: 0, offset: source }));
    books.add({ ...place, topic: 'decisions', offset, key: Buffer.from(id), value });
  });
  return books.balance(from);
};

test('books that balance have nothing to say', () => {
  const decided = [
    { id: 'a', source: 0 },
    { id: 'b', source: 1 },
  ];
  const { orders, decisions, missing, decidedTwice, unknown, disordered } = balance(['a', 'b'], decided);
  assert.deepEqual([orders, decisions, missing, decidedTwice, unknown, disordered], [2, 2, [], [], [], []]);
});

test('an order that was dropped, decided twice, or never placed is named', () => {
  const ledger = balance(
    ['a', 'b'],
    [
      { id: 'b', source: 1 },
      { id: 'b', source: 1 },
      { id: 'ghost', source: 7 },
    ],
  );
  assert.deepEqual(ledger.missing, ['a']);
  assert.deepEqual(ledger.decidedTwice, ['b']);
  assert.deepEqual(ledger.unknown, ['ghost']);
  assert.deepEqual(ledger.byType, { InventoryReserved: 3 });
});

test('a run is over: what is last and not decided is missing, not in flight', () => {
  assert.deepEqual(balance(['a', 'b'], [{ id: 'a', source: 0 }]).missing, ['b']);
});

test('duplicates and garbage are counted and are no orders of their own', () => {
  const { records, orders, duplicates, unreadable, missing } = balance(['a', 'a', null], []);
  assert.deepEqual([records, orders, duplicates, unreadable, missing], [3, 1, 1, 1, ['a']]);
});

test('a decision on a later record of its id, or on none of it, is named', () => {
  assert.deepEqual(balance(['a', 'a'], [{ id: 'a', source: 1 }]).disordered, ['a']);
  assert.deepEqual(balance(['a'], [{ id: 'a', source: 9 }]).disordered, ['a']);
});

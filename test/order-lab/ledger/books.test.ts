import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deadLetter } from '../../../src/kafka/dead-letters/build-letter.ts';
import { type Bounds, LedgerBooks, type Totals } from '../../../src/order-lab/ledger/books.ts';
import type { Finding } from '../../../src/order-lab/ledger/judge-order.ts';
import { encodeInventoryEvent, inventoryEvent } from '../../../src/pipeline/events/inventory-event.ts';
import { encodeOrder, type OrderPlaced } from '../../../src/pipeline/events/order-placed.ts';

const topics = { orders: 'orders', inventory: 'decisions' };
const none = { key: null, value: null as Buffer | null, headers: [] };

const order = (orderId: string, createdAt = '2026-01-05T10:20:30.123Z'): OrderPlaced => ({
  eventId: `event-${orderId}`,
  eventType: 'OrderPlaced',
  orderId,
  items: [{ sku: 'burger', qty: 1 }],
  status: 'placed',
  createdAt,
});
const placed = (id: string, partition: number, offset: number) => ({
  ...none,
  ...{ topic: 'orders', partition, offset, key: Buffer.from(id), value: encodeOrder(order(id)) },
});
const decided = (id: string, partition: number, offset: number, source: number, createdAt?: string) => {
  const event = inventoryEvent(order(id, createdAt), 'InventoryReserved', { topic: 'orders', partition, offset: source });
  return { ...none, topic: 'decisions', partition, offset, key: Buffer.from(id), value: encodeInventoryEvent(event) };
};
const garbage = (partition: number, offset: number) => ({ ...none, topic: 'orders', partition, offset, value: Buffer.from('{') });
const letterOf = (record: ReturnType<typeof placed> | ReturnType<typeof garbage>) => {
  const why = { ok: false, reason: 'bad-json', message: 'no' } as const;
  const { headers = [], ...letter } = deadLetter({ ...record, size: 1 }, why, 'group', new Date(0));
  return { ...none, ...letter, partition: 0, offset: 0, headers };
};

type Records = readonly Parameters<LedgerBooks['add']>[0][];

function books(records: Records, bounds: Partial<Bounds> = {}): Totals & { findings: string[] } {
  using open = new LedgerBooks(topics, records.length);
  for (const record of records) open.add(record);
  const findings: Finding[] = [];
  const all = [0, 1].map((partition) => ({ partition, from: 0, committed: 0, decisionsDeleted: false, ...bounds }));
  const totals = open.close(all, (finding) => findings.push(finding));
  return { ...totals, findings: findings.map(({ kind, topic, partition, offset, id }) => `${kind} ${topic}/${partition}/${offset} ${id}`) };
}

describe('the books', () => {
  it('balance where every order is decided once, is a duplicate, a dead letter, or not reached yet', () => {
    const bad = garbage(0, 2);
    const all = books([
      placed('a', 0, 0),
      placed('a', 0, 1),
      bad,
      placed('b', 1, 0),
      placed('late', 0, 3),
      garbage(1, 1),
      decided('b', 1, 0, 0),
      decided('a', 0, 0, 0),
      letterOf(bad),
    ]);
    const { records, orders, duplicates, unreadable, decided: done, deadLettered, inFlight, byType, findings } = all;
    assert.deepEqual([records, orders, duplicates, unreadable, done, deadLettered, inFlight], [6, 3, 1, 2, 2, 1, 2]);
    assert.deepEqual(byType, { InventoryReserved: 2 });
    assert.deepEqual(findings, []);
  });

  it('name an order that was passed over, by a later decision or by a commit', () => {
    assert.deepEqual(books([placed('a', 0, 0), placed('b', 0, 1), decided('b', 0, 0, 1)]).findings, ['missing orders/0/0 a']);
    assert.deepEqual(books([placed('a', 0, 0)], { committed: 1 }).findings, ['missing orders/0/0 a']);
    assert.deepEqual(books([garbage(0, 4)], { committed: 5 }).findings, ['missing orders/0/4 ']);
  });

  it('name what is decided twice, or without an order', () => {
    const twice = books([placed('a', 0, 0), decided('a', 0, 0, 0), decided('a', 0, 2, 0), decided('ghost', 1, 0, 0)]);
    assert.deepEqual(twice.findings.sort(), ['decided-twice decisions/0/2 a', 'no-order decisions/1/0 ghost']);
    assert.deepEqual([twice.orders, twice.decided, twice.decisions], [1, 1, 3]);
  });

  it('find the same id in two partitions', () => {
    const both = books([placed('a', 0, 0), placed('a', 1, 0), decided('a', 0, 0, 0), decided('a', 1, 0, 0)]);
    assert.deepEqual(both.findings, ['decided-twice decisions/1/0 a']);
    assert.equal(books([placed('a', 0, 0), placed('a', 1, 0), decided('a', 1, 0, 0)], { committed: 1 }).duplicates, 1);
  });

  it('keep the order of the records of a key', () => {
    assert.deepEqual(books([placed('a', 0, 5), decided('a', 0, 0, 4)]).findings, ['wrong-source decisions/0/0 a']);
    assert.deepEqual(books([placed('a', 0, 1), placed('a', 0, 2), decided('a', 0, 0, 2)]).findings, ['out-of-order decisions/0/0 a']);
    const other = decided('a', 0, 0, 1, '2026-01-05T10:20:30.124Z');
    assert.deepEqual(books([placed('a', 0, 1), other]).findings, ['created-at-differs decisions/0/0 a']);
  });

  it('tell orders with other contents from duplicates, against the one that was decided on, and balance', () => {
    const other = (id: string, partition: number, offset: number, qty: number) => {
      const record = placed(id, partition, offset);
      return { ...record, value: encodeOrder({ ...order(id), items: [{ sku: 'burger', qty }] }) };
    };
    using open = new LedgerBooks(topics, 10);
    for (const record of [placed('a', 0, 0), placed('a', 0, 1), other('a', 0, 2, 2), other('b', 0, 3, 7), placed('b', 1, 0)])
      open.add(record);
    for (const record of [decided('a', 0, 0, 0), decided('b', 1, 0, 0)]) open.add(record);
    const conflicts: unknown[] = [];
    const bounds = [0, 1].map((partition) => ({ partition, from: 0, committed: 0, decisionsDeleted: false }));
    const { duplicates, conflicting, found } = open.close(
      bounds,
      () => assert.fail(),
      (conflict) => conflicts.push(conflict),
    );
    assert.deepEqual([duplicates, conflicting, Object.values(found).every((count) => count === 0)], [3, 2, true]);
    assert.deepEqual(conflicts, [
      { topic: 'orders', partition: 0, offset: 2, id: 'a', first: { topic: 'orders', partition: 0, offset: 0 } },
      { topic: 'orders', partition: 0, offset: 3, id: 'b', first: { topic: 'orders', partition: 1, offset: 0 } },
    ]);
  });

  it('say nothing against what is deleted by now', () => {
    const decisionGone = books([placed('a', 0, 0), placed('b', 0, 1), decided('b', 0, 7, 1)], { decisionsDeleted: true });
    assert.deepEqual([decisionGone.outOfReach, decisionGone.findings], [1, []]);
    const orderGone = books([placed('b', 0, 9), decided('a', 0, 0, 8), decided('b', 0, 1, 9)], { from: 9 });
    assert.deepEqual([orderGone.outOfReach, orderGone.decided, orderGone.findings], [1, 1, []]);
  });

  it('hold more ids than fit into memory at once, the longest too', () => {
    using open = new LedgerBooks(topics, 1_000_000);
    const long = 'x'.repeat(100_000);
    const many = [...Array.from({ length: 20_000 }, (_, index) => `order-${index}`), long];
    for (const [index, id] of many.entries()) open.add(placed(id, index % 2, index));
    for (const [index, id] of many.entries()) if (id !== 'order-77') open.add(decided(id, index % 2, index, index));
    const found: string[] = [];
    const bounds = [0, 1].map((partition) => ({ partition, from: 0, committed: 0, decisionsDeleted: false }));
    const { orders, decided: done } = open.close(bounds, ({ kind, id }) => found.push(`${kind} ${id}`));
    assert.deepEqual([orders, done, found], [20_001, 20_000, ['missing order-77']]);
  });
});

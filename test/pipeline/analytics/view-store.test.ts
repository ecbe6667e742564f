import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { digestOf } from '../../../src/pipeline/analytics/metrics.ts';
import { emptyView, fold, type Place, type View } from '../../../src/pipeline/analytics/view.ts';
import { ViewStore } from '../../../src/pipeline/analytics/view-store.ts';
import type { InventoryEvent } from '../../../src/pipeline/events/inventory-event.ts';
import type { OrderPlaced } from '../../../src/pipeline/events/order-placed.ts';

let folder = '';
let discarded: string[] = [];
const open = (ids = ['a', 'b']) =>
  new ViewStore({
    file: join(folder, 'view.db'),
    topics: { orders: 'orders', inventory: 'inventory', ids },
    onDiscard: (why) => discarded.push(why),
  });

const order = (orderId: string, changes: Partial<OrderPlaced> = {}): OrderPlaced => ({
  eventId: 'e',
  eventType: 'OrderPlaced',
  orderId,
  items: [{ sku: 'burger', qty: 1 }],
  status: 'placed',
  createdAt: '2026-11-20T12:00:00.000Z',
  ...changes,
});
const outcome = (orderId: string, action: InventoryEvent['action']) => ({ orderId, action }) as InventoryEvent;
const at = (topic: string, offset: number): Place => ({ topic, partition: 0, offset });

/** A log with one of everything that can happen. */
function readLog(store: ViewStore, view: View, from: { orders: number; inventory: number } = { orders: 0, inventory: 0 }): View {
  const records: [string, (place: Place) => ReturnType<ViewStore['addOrder']>][] = [
    ['orders', (place) => store.addOrder(order('o-1'), place)],
    ['orders', (place) => store.addOrder(order('o-2', { status: 'failed', createdAt: '1969-12-31T23:59:59.999Z' }), place)],
    ['orders', (place) => store.addOrder(order('o-1'), place)],
    ['orders', (place) => store.addDeadLetter(place)],
    ['orders', (place) => store.addOrder(order('o-1', { userId: 'somebody else' }), place)],
    ['orders', (place) => store.addOrder(order('o-3', { createdAt: '2026-11-20T12:01:00.000Z' }), place)],
    ['inventory', (place) => store.addOutcome(outcome('o-1', 'reject'), place)],
    ['inventory', (place) => store.addOutcome(outcome('o-2', 'reject'), place)],
    ['inventory', (place) => store.addOutcome(outcome('o-1', 'reserve'), place)],
    ['inventory', (place) => store.addOutcome(outcome('o-3', 'reserve'), place)],
  ];
  const next = { orders: 0, inventory: 0 };
  store.inTransaction(() => {
    for (const [topic, add] of records) {
      const offset = next[topic as keyof typeof next]++;
      if (offset >= from[topic as keyof typeof next]) fold(view, add(at(topic, offset)));
    }
    store.setPositions([at('orders', next.orders), at('inventory', next.inventory)]);
  });
  return view;
}

describe('the view’s store', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'replayground-'));
    discarded = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('counts each order once, and a failed one once', () => {
    using store = open();
    const view = readLog(store, emptyView());
    assert.equal(view.orders, 3);
    assert.equal(view.failedOrders, 2);
    assert.equal(view.rejected, 2);
    assert.deepEqual([view.duplicateOrders, view.repeatedOutcomes, view.deadLetters], [2, 1, 1]);
  });

  it('tells an order that was sent again from another one under its id, with both places', () => {
    using store = open();
    const again = (changes: Partial<OrderPlaced>, offset: number) => store.addOrder(order('o-1', changes), at('orders', offset));
    again({}, 0);
    const resent = { eventId: 'another', createdAt: '2026-11-20T12:00:05.000Z' };
    assert.deepEqual(again(resent, 1), { kind: 'duplicate-order' });
    const others: Partial<OrderPlaced>[] = [
      { userId: 'somebody' },
      { items: [{ sku: 'burger', qty: 2 }] },
      { items: [{ sku: 'soup', qty: 1 }] },
      { items: [{ sku: 'burger', qty: 1, price: 0 }] },
      {
        items: [
          { sku: 'burger', qty: 1 },
          { sku: 'burger', qty: 1 },
        ],
      },
      { totalAmount: 1 },
      { status: 'failed' },
    ];
    for (const [index, changes] of others.entries()) {
      const [first, other] = [at('orders', 0), at('orders', 2 + index)];
      assert.deepEqual(again(changes, 2 + index), { kind: 'conflicting-order', orderId: 'o-1', first, other });
    }
    const view = store.loadView(Date.now());
    assert.deepEqual([view.orders, view.duplicateOrders, view.conflictingOrders], [1, 1 + others.length, others.length]);
    assert.deepEqual(view.conflicts.at(-1), { orderId: 'o-1', first: at('orders', 0), other: at('orders', 1 + others.length) });
  });

  it('computes the same view from its rows as the fold gave', () => {
    using store = open();
    const view = readLog(store, emptyView());
    assert.equal(digestOf(store.loadView(Date.now())), digestOf(view));
    assert.deepEqual(store.loadView(Date.now()).byMinute.newest(), view.byMinute.newest());
    assert.deepEqual(store.loadView(Date.now()).conflicts, view.conflicts);
  });

  it('comes back after a restart with its id and positions', () => {
    const first = open();
    readLog(first, emptyView());
    const { id } = first;
    first[Symbol.dispose]();
    using second = open();
    assert.equal(second.id, id);
    assert.equal(second.position({ topic: 'orders', partition: 0 }), 6);
    assert.equal(second.loadView(Date.now()).orders, 3);
    assert.deepEqual(discarded, []);
  });

  for (let orders = 0; orders <= 6; orders++) {
    for (let inventory = 0; inventory <= 4; inventory++) {
      it(`ends in the same state after a rewind to ${orders} and ${inventory}`, () => {
        using store = open();
        const before = digestOf(readLog(store, emptyView()));
        store.inTransaction(() => store.rewind([at('orders', orders), at('inventory', inventory)]));
        assert.equal(store.position({ topic: 'orders', partition: 0 }), orders);
        const after = readLog(store, store.loadView(Date.now()), { orders, inventory });
        assert.equal(digestOf(after), before);
        assert.equal(digestOf(store.loadView(Date.now())), before);
      });
    }
  }

  it('takes back one partition to its beginning and leaves the others', () => {
    using store = open();
    for (const partition of [0, 1]) {
      store.addOrder(order(`of-${partition}`), { topic: 'orders', partition, offset: 0 });
      store.setPositions([{ topic: 'orders', partition, offset: 1 }]);
    }
    store.inTransaction(() => store.rewind([{ topic: 'orders', partition: 1, offset: 0 }]));
    assert.equal(store.loadView(Date.now()).orders, 1);
    assert.deepEqual(
      [0, 1].map((partition) => store.position({ topic: 'orders', partition })),
      [1, 0],
    );
  });

  it('starts empty when a topic was made anew', () => {
    const first = open();
    readLog(first, emptyView());
    first[Symbol.dispose]();
    using second = open(['a', 'another']);
    assert.deepEqual(second.positions(), []);
    assert.equal(second.loadView(Date.now()).orders, 0);
    assert.match(discarded[0] ?? '', /another log/);
  });
});

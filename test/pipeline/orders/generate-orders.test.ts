import assert from 'node:assert/strict';
import { isAscii } from 'node:buffer';
import { test } from 'node:test';
import { decodeOrder, encodeOrder, type OrderPlaced } from '../../../src/pipeline/events/order-placed.ts';
import { orderGenerator } from '../../../src/pipeline/orders/generate-orders.ts';
import { menu } from '../../../src/pipeline/orders/menu.ts';
import { newRunId } from '../../../src/pipeline/orders/run-id.ts';

const at = '2026-11-20T20:30:00.000Z';

function make(count: number, { seed = 's', runId = 'run', failRate = 0 } = {}): OrderPlaced[] {
  const next = orderGenerator({ seed, runId, failRate });
  return Array.from({ length: count }, () => next(at));
}

test('the same seed gives the same orders, another seed gives others', () => {
  assert.deepEqual(make(1000), make(1000));
  assert.notDeepEqual(make(1000), make(1000, { seed: 't' }));
});

test('two runs of one seed differ in their ids only', () => {
  const withoutIds = (orders: OrderPlaced[]) => orders.map((order) => ({ ...order, eventId: '', orderId: '' }));
  const [a, b] = [make(500, { runId: 'a' }), make(500, { runId: 'b' })];
  assert.deepEqual(withoutIds(a), withoutIds(b));
  assert.equal(new Set([...a, ...b].map(({ orderId }) => orderId)).size, 1000);
});

test('order ids are the run and the number of the order', () => {
  assert.deepEqual(
    make(3).map(({ orderId }) => orderId),
    ['run-1', 'run-2', 'run-3'],
  );
});

test('the total is the exact sum of the items in cents', () => {
  for (const { items, totalAmount } of make(5000)) {
    const cents = items.reduce((sum, { sku, qty }) => sum + qty * (menu.find((dish) => dish.sku === sku)?.cents ?? Number.NaN), 0);
    assert.equal(totalAmount, cents / 100);
    assert.ok(items.length >= 1 && items.length <= 4);
  }
});

test('every order is ASCII, what readers accept, and about 240 bytes long', () => {
  let bytes = 0;
  const orders = make(5000, { runId: newRunId() });
  for (const order of orders) {
    const value = encodeOrder(order);
    bytes += value.length;
    assert.ok(isAscii(value));
    assert.deepEqual(decodeOrder(Buffer.from(order.orderId), value), { ok: true, event: order });
  }
  assert.ok(bytes / orders.length > 200 && bytes / orders.length < 260, `${bytes / orders.length} bytes`);
});

test('the share of failed orders follows the rate, and changes nothing else', () => {
  const failed = (failRate: number) => make(20_000, { failRate }).filter(({ status }) => status === 'failed').length;
  assert.equal(failed(0), 0);
  assert.equal(failed(1), 20_000);
  assert.ok(Math.abs(failed(0.3) - 6000) < 300, `${failed(0.3)}`);
  const placed = (orders: OrderPlaced[]) => orders.map((order) => ({ ...order, status: 'placed' }));
  assert.deepEqual(placed(make(500, { failRate: 0.5 })), make(500));
});

test('run ids do not repeat', () => {
  assert.equal(new Set(Array.from({ length: 10_000 }, newRunId)).size, 10_000);
});

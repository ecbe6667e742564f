import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeOrder, encodeOrder } from '../../../src/pipeline/events/order-placed.ts';
import { orderFromRequest } from '../../../src/pipeline/orders/order-request.ts';

const at = '2026-11-20T20:30:00.000Z';

test('an order of a request is what readers accept', () => {
  const order = orderFromRequest({ userId: 'u', items: [{ sku: 'soup', qty: 3, price: 1.1 }] }, 'o-1', at);
  assert.equal(order.totalAmount, 3.3);
  assert.deepEqual(decodeOrder(Buffer.from('o-1'), encodeOrder(order)), { ok: true, event: order });
});

test('a total is told only where every price is', () => {
  const order = orderFromRequest(
    {
      items: [
        { sku: 'a', qty: 1, price: 1 },
        { sku: 'b', qty: 1 },
      ],
    },
    'o-1',
    at,
  );
  assert.ok(!('totalAmount' in order));
});

test('the same order id has the same event id at any time', () => {
  const items = [{ sku: 'a', qty: 1 }];
  assert.equal(orderFromRequest({ items }, 'o-1', at).eventId, orderFromRequest({ items }, 'o-1', '2027-01-01T00:00:00.000Z').eventId);
});

test('fields that are not known are left out', () => {
  const item = { sku: 'a', qty: 1, colour: 'red' };
  const order = orderFromRequest({ items: [item], status: 'failed' } as never, 'o-1', at);
  assert.deepEqual([order.items, order.status], [[{ sku: 'a', qty: 1 }], 'placed']);
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OrderPlaced } from '../../../src/pipeline/events/order-placed.ts';
import { decide } from '../../../src/pipeline/inventory/decide.ts';

const order = (orderId: string, status: OrderPlaced['status'] = 'placed'): OrderPlaced => ({
  eventId: 'e',
  eventType: 'OrderPlaced',
  orderId,
  items: [{ sku: 'burger', qty: 1 }],
  status,
  createdAt: '2026-11-20T20:30:00.000Z',
});
const orders = Array.from({ length: 20_000 }, (_, index) => order(`order-${index}`));
const failed = (failRate: number, seed: string) => orders.filter((one) => decide(one, { failRate, seed }) === 'InventoryFailed');

describe('decide', () => {
  it('draws nothing: the same order gets the same answer', () => {
    assert.deepEqual(failed(0.3, 'a'), failed(0.3, 'a'));
  });

  it('fails other orders under another seed, and as many', () => {
    assert.notDeepEqual(failed(0.3, 'a'), failed(0.3, 'b'));
    for (const seed of ['a', 'b']) assert.ok(Math.abs(failed(0.3, seed).length / orders.length - 0.3) < 0.015);
  });

  it('keeps the failures when the rate rises, and adds to them', () => {
    const few = new Set(failed(0.1, 'a').map(({ orderId }) => orderId));
    const many = new Set(failed(0.2, 'a').map(({ orderId }) => orderId));
    assert.ok([...few].every((orderId) => many.has(orderId)) && many.size > few.size);
  });

  it('fails none at 0 and all at 1', () => {
    assert.equal(failed(0, 'a').length, 0);
    assert.equal(failed(1, 'a').length, orders.length);
  });

  it('releases an order that arrived failed, whatever the rate', () => {
    assert.equal(decide(order('x', 'failed'), { failRate: 1, seed: 'a' }), 'InventoryReleased');
  });

  it('follows the published rule: SHA-1 of seed, NUL and id, first 32 bits as a fraction', () => {
    // sha1("s\0o") begins with 7affe267, that is 0.4805 of 2^32.
    assert.equal(decide(order('o'), { failRate: 0.48, seed: 's' }), 'InventoryReserved');
    assert.equal(decide(order('o'), { failRate: 0.481, seed: 's' }), 'InventoryFailed');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeInventoryEvent, encodeInventoryEvent, inventoryEvent } from '../../../src/pipeline/events/inventory-event.ts';
import type { OrderPlaced } from '../../../src/pipeline/events/order-placed.ts';

const order: OrderPlaced = {
  eventId: 'e-1',
  eventType: 'OrderPlaced',
  orderId: 'o-1',
  items: [{ sku: 'burger', qty: 2, price: 4.5 }],
  status: 'placed',
  createdAt: '2026-11-20T20:30:00.000Z',
};
const source = { topic: 'order-events', partition: 1, offset: 7 };

describe('an inventory event', () => {
  it('is the same bytes whenever it is made', () => {
    const event = inventoryEvent(order, 'InventoryReserved', source);
    assert.equal(
      encodeInventoryEvent(event).toString(),
      `{"eventId":"${event.eventId}","eventType":"InventoryReserved","orderId":"o-1","action":"reserve",` +
        '"items":[{"sku":"burger","qty":2}],"createdAt":"2026-11-20T20:30:00.000Z",' +
        '"source":{"topic":"order-events","partition":1,"offset":7}}',
    );
    assert.deepEqual(inventoryEvent(order, 'InventoryReserved', source), event);
    assert.match(event.eventId, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab]/);
  });

  it('names the reason only where it failed', () => {
    assert.equal(inventoryEvent(order, 'InventoryFailed', source).reason, 'injected-fault');
    assert.ok(!('reason' in inventoryEvent(order, 'InventoryReleased', source)));
  });

  it('is read as it was written', () => {
    for (const type of ['InventoryReserved', 'InventoryFailed', 'InventoryReleased'] as const) {
      const event = inventoryEvent(order, type, source);
      assert.deepEqual(decodeInventoryEvent(Buffer.from('o-1'), encodeInventoryEvent(event)), { ok: true, event });
    }
  });

  it('is refused with an action that does not belong to its type, or a type named like an object’s own member', () => {
    const event = inventoryEvent(order, 'InventoryReserved', source);
    const reasonOf = (changes: object) => {
      const decoded = decodeInventoryEvent(Buffer.from('o-1'), Buffer.from(JSON.stringify({ ...event, ...changes })));
      return decoded.ok ? 'ok' : decoded.reason;
    };
    assert.equal(reasonOf({ action: 'release' }), 'bad-shape');
    assert.equal(reasonOf({ eventType: 'toString' }), 'unknown-type');
  });
});

/** Whichever way a decision is written, its key, bytes, headers and partition are the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BatchWriter } from '../../../src/kafka/bridge/batch-writer.ts';
import { cloudEventPairs } from '../../../src/pipeline/events/cloud-events.ts';
import { encodeInventoryEvent, inventoryEvent } from '../../../src/pipeline/events/inventory-event.ts';
import { decodeOrder, type OrderPlaced } from '../../../src/pipeline/events/order-placed.ts';
import { DecisionWriter } from '../../../src/pipeline/inventory/write-decision.ts';
import { received } from '../../support/bridge.ts';

const plain = fc.string({ unit: 'grapheme-ascii', minLength: 1 });
const any = fc.string({ unit: 'grapheme', minLength: 1 });
const textOf = (unit: fc.Arbitrary<string>) => unit.filter((text) => text.trim() !== '' && text.isWellFormed());
const orderOf = (text: fc.Arbitrary<string>): fc.Arbitrary<OrderPlaced> =>
  fc.record({
    eventId: fc.constant('e'),
    eventType: fc.constant('OrderPlaced' as const),
    orderId: text,
    items: fc.array(fc.record({ sku: text, qty: fc.integer({ min: 1 }) }), { minLength: 1, maxLength: 3 }),
    status: fc.constant('placed' as const),
    createdAt: fc.constant('2026-11-25T20:30:00.000Z'),
  });
const traced = fc.option(fc.constant('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'), { nil: undefined });
const batches = fc.oneof(
  fc.array(orderOf(textOf(plain)), { minLength: 1, maxLength: 8 }).map((orders) => ({ orders, traceparent: undefined })),
  fc.record({ orders: fc.array(orderOf(textOf(any)), { minLength: 1, maxLength: 8 }), traceparent: traced }),
);
/** JSON that is ASCII and means a text that is not. */
const escaped = (json: string): string =>
  json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

test('a decision is written as its parts say, plain or not, part of a trace or not, with text escaped or not', () => {
  fc.assert(
    fc.property(batches, fc.boolean(), fc.option(traced, { nil: undefined }), ({ orders, traceparent }, isEscaped, ofSend) => {
      const incoming = new BatchWriter();
      const headers = traceparent === undefined ? [] : [['traceparent', traceparent] as const];
      for (const [i, order] of orders.entries()) {
        const json = JSON.stringify(order);
        incoming.write({ topic: 0, partition: i, key: order.orderId, value: isEscaped ? escaped(json) : json, headers });
      }
      const records = received(incoming, ['orders']);
      const out = new BatchWriter();
      const writer = new DecisionWriter(records, out, 1, ofSend);
      const events = orders.map((_, i) => {
        const decoded = decodeOrder(records.key(i), records.value(i));
        assert.ok(decoded.ok);
        const types = ['InventoryReserved', 'InventoryFailed', 'InventoryReleased'] as const;
        return inventoryEvent(decoded.event, types[i % 3] ?? types[0], { topic: 'orders', partition: i, offset: 7 });
      });
      for (const [i, event] of events.entries()) writer.write(i, event);
      const written = received(out, ['', 'decisions']);
      assert.equal(written.count, events.length);
      for (const [i, event] of events.entries()) {
        assert.deepEqual([written.topic(i), written.partition(i), written.timestamp(i)], ['decisions', i, 0]);
        assert.equal(String(written.key(i)), event.orderId);
        assert.deepEqual(written.value(i), encodeInventoryEvent(event));
        const pairs = cloudEventPairs(event, '/replayground/inventory-service', ofSend ?? traceparent);
        assert.deepEqual(
          written.headers(i).map(([name, value]) => [name, String(value)]),
          pairs.map(([name, value]) => [name, String(value)]),
        );
      }
    }),
    { numRuns: 500 },
  );
});

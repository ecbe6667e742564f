import assert from 'node:assert/strict';
import { test } from 'node:test';
import { journeyOf } from '../../../src/order-lab/jobs/journey.ts';
import type { RecordView } from '../../../src/order-lab/wire/all.ts';

const settings = { ordersTopic: 'orders', inventoryTopic: 'inventory' };
const record = (topic: string, offset: number, ms: number, eventType: string): RecordView => ({
  topic,
  partition: 1,
  offset,
  time: new Date(ms).toISOString(),
  key: 'o-1',
  headers: [],
  valueIs: 'json' as const,
  value: {},
  reading: { ok: true, eventType, orderId: 'o-1' },
});

test('the way of an order is told in order, with the duplicate and who has read it', () => {
  const records = [
    record('inventory', 7, 1120, 'InventoryReserved'),
    record('orders', 6, 1500, 'OrderPlaced'),
    record('orders', 5, 1000, 'OrderPlaced'),
  ];
  const readUpTo = [{ group: 'g', topic: 'orders', partition: 1, offset: 6 }];
  const looked = { scanned: 3, of: 3 };
  const { steps, text } = journeyOf('o-1', records, { settings, readUpTo, complete: true, looked });
  assert.deepEqual(
    steps.map(({ what, afterMs, readBy }) => [what, afterMs, readBy]),
    [
      ['placed', 0, ['g']],
      ['reserved', 120, []],
      ['duplicate', 500, []],
    ],
  );
  assert.equal(text, 'o-1: placed in partition 1 at offset 5, sent again once, which changed nothing, reserved after 120 ms');
});

test('an order that is nowhere is said to be nowhere, or how far was looked', () => {
  const facts = { settings, readUpTo: [], looked: { scanned: 4000, of: 9000 } };
  assert.equal(journeyOf('o-2', [], { ...facts, complete: true }).text, 'no record has the key o-2: 4,000 records looked at, that is all');
  assert.equal(
    journeyOf('o-2', [], { ...facts, complete: false }).text,
    'no record with the key o-2 among the newest 4,000 of about 9,000',
  );
});

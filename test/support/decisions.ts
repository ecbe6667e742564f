/** Decisions on orders of `orderRecord`, as inventory-service writes them. */
import { inventoryEvent } from '../../src/pipeline/events/inventory-event.ts';
import { orderRecord, type PlainRecord } from './produce.ts';

/** @returns the decision on one order */
export const decisionRecord = (orderId: string, type: 'InventoryReserved' | 'InventoryFailed'): PlainRecord => ({
  key: orderId,
  value: JSON.stringify(
    inventoryEvent(JSON.parse(String(orderRecord(orderId).value)), type, { topic: 'order-events', partition: 0, offset: 0 }),
  ),
});

/** @returns decisions on the orders of `orderRecords`: every tenth fails */
export const decisionRecords = (prefix: string, count: number): PlainRecord[] =>
  Array.from({ length: count }, (_, index) =>
    decisionRecord(`${prefix}-${index}`, index % 10 === 0 ? 'InventoryFailed' : 'InventoryReserved'),
  );

/** What a customer is told of a decision: the event on the topic of notifications. */
import type { InventoryEvent, InventoryEventType } from './inventory-event.ts';

export type CustomerNotified = {
  /** That of the decision: whoever delivers to the customer knows by it what was told before. */
  eventId: string;
  eventType: 'CustomerNotified';
  orderId: string;
  text: string;
  /** That of the decision. */
  createdAt: string;
  /** Where the decision stands in the log. */
  source: { topic: string; partition: number; offset: number };
};

const words: Record<InventoryEventType, string> = {
  InventoryReserved: 'is reserved for you',
  InventoryFailed: 'cannot be delivered',
  InventoryReleased: 'was called off',
};

/**
 * @param decision what was decided
 * @param source where it stands in the log
 * @returns the event; the same for the same decision, however often it is told
 */
export const customerNotified = (
  { eventId, eventType, orderId, createdAt }: InventoryEvent,
  source: CustomerNotified['source'],
): CustomerNotified => ({
  eventId,
  eventType: 'CustomerNotified',
  orderId,
  text: `Your order ${orderId} ${words[eventType]}.`,
  createdAt,
  source,
});

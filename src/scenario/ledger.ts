/** The books of a run: every order that went in against every decision that came out. Pure. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { decodeInventoryEvent } from '../events/inventory-event.ts';
import { decodeOrder } from '../events/order-placed.ts';
import type { Ledger } from './lab-steps.ts';

type Bytes = Pick<Message, 'key' | 'value'>;

/**
 * @param orders records of the orders topic
 * @param decisions committed records of the inventory topic
 * @returns what is missing, what is there twice, what nobody ordered
 */
export function balance(orders: readonly Bytes[], decisions: readonly Bytes[]): Ledger {
  const ordered = new Map<string, number>();
  let unreadable = 0;
  for (const { key, value } of orders) {
    const decoded = decodeOrder(bufferOf(key), value);
    if (decoded.ok) add(ordered, decoded.event.orderId);
    else unreadable += 1;
  }
  const decided = new Map<string, number>();
  const byType: Record<string, number> = {};
  for (const { key, value } of decisions) {
    const decoded = decodeInventoryEvent(bufferOf(key), value);
    if (!decoded.ok) continue;
    add(decided, decoded.event.orderId);
    byType[decoded.event.eventType] = (byType[decoded.event.eventType] ?? 0) + 1;
  }
  const total = (counts: Map<string, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0);
  return {
    records: orders.length,
    orders: ordered.size,
    duplicates: total(ordered) - ordered.size,
    unreadable,
    decisions: total(decided),
    missing: [...ordered.keys()].filter((id) => !decided.has(id)),
    decidedTwice: [...decided].filter(([, count]) => count > 1).map(([id]) => id),
    unknown: [...decided.keys()].filter((id) => !ordered.has(id)),
    byType,
  };
}

const add = (counts: Map<string, number>, id: string): void => void counts.set(id, (counts.get(id) ?? 0) + 1);

const bufferOf = (key: Message['key']): Buffer | null => (typeof key === 'string' ? Buffer.from(key) : (key ?? null));

/** The books of a run: every order that went in against every decision that came out. Pure. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { decodeInventoryEvent } from '../events/inventory-event.ts';
import { decodeOrder } from '../events/order-placed.ts';
import type { Ledger } from './lab-steps.ts';

type Bytes = Pick<Message, 'key' | 'value'>;

/** Takes the records of a run one by one, so that a long run need not be held in memory. */
export class Books {
  readonly #ordered = new Map<string, number>();
  readonly #decided = new Map<string, number>();
  readonly #byType: Record<string, number> = {};
  #records = 0;
  #unreadable = 0;

  /** @param record of the orders topic */
  addOrder({ key, value }: Bytes): void {
    this.#records += 1;
    const decoded = decodeOrder(bufferOf(key), value);
    if (decoded.ok) add(this.#ordered, decoded.event.orderId);
    else this.#unreadable += 1;
  }

  /** @param record of the inventory topic, committed */
  addDecision({ key, value }: Bytes): void {
    const decoded = decodeInventoryEvent(bufferOf(key), value);
    if (!decoded.ok) return;
    add(this.#decided, decoded.event.orderId);
    this.#byType[decoded.event.eventType] = (this.#byType[decoded.event.eventType] ?? 0) + 1;
  }

  /** @returns what is missing, what is there twice, what nobody ordered */
  balance(): Ledger {
    const [ordered, decided] = [this.#ordered, this.#decided];
    return {
      records: this.#records,
      orders: ordered.size,
      duplicates: total(ordered) - ordered.size,
      unreadable: this.#unreadable,
      decisions: total(decided),
      missing: [...ordered.keys()].filter((id) => !decided.has(id)),
      decidedTwice: [...decided].filter(([, count]) => count > 1).map(([id]) => id),
      unknown: [...decided.keys()].filter((id) => !ordered.has(id)),
      byType: { ...this.#byType },
    };
  }
}

/** @returns the balance of records that are all at hand */
export function balance(orders: Iterable<Bytes>, decisions: Iterable<Bytes>): Ledger {
  const books = new Books();
  for (const order of orders) books.addOrder(order);
  for (const decision of decisions) books.addDecision(decision);
  return books.balance();
}

const total = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((sum, count) => sum + count, 0);

const add = (counts: Map<string, number>, id: string): void => void counts.set(id, (counts.get(id) ?? 0) + 1);

const bufferOf = (key: Message['key']): Buffer | null => (typeof key === 'string' ? Buffer.from(key) : (key ?? null));

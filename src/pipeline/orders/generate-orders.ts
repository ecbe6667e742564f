/** Makes orders out of a seed: the same seed gives the same orders, and no two runs share an order id. */
import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { OrderItem, OrderPlaced } from '../events/order-placed.ts';
import { type Dish, menu } from './menu.ts';

export type GeneratorOptions = {
  /** Any text: decides items, users and which orders arrive as failed. */
  seed: string;
  /** Goes into every id; see `newRunId`. */
  runId: string;
  /** Share of orders that arrive as `failed`, 0 to 1. */
  failRate: number;
  /** The id of an order, by its number; without it the run and the number. */
  idOf?: ((runId: string, number: number) => string) | undefined;
};

/** How many kinds of items an order has: most people order one. */
const itemCounts = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4];
const userCount = 5000;

const plainId = (runId: string, number: number): string => `${runId}-${number}`;

/**
 * @returns the maker of the run's orders, one after the other, numbered from 1; its argument is the order's time (RFC 3339, UTC)
 */
export function orderGenerator({ seed, runId, failRate, idOf = plainId }: GeneratorOptions): (createdAt: string) => OrderPlaced {
  const random = xoroshiro128plus(createHash('sha256').update(seed).digest().readInt32BE(0));
  let number = 0;
  return (createdAt) => {
    number += 1;
    const orderId = idOf(runId, number);
    const userId = `user-${uniformInt(random, 1, userCount)}`;
    const items: OrderItem[] = [];
    let cents = 0;
    for (let left = pick(itemCounts); left > 0; left -= 1) {
      const { sku, cents: price } = pick(menu) as Dish;
      const qty = uniformInt(random, 1, 3);
      items.push({ sku, qty, price: price / 100 });
      cents += qty * price;
    }
    // Drawn for every order, so that another rate leaves the rest of the orders as they are.
    const failed = uniformInt(random, 0, 999_999) < failRate * 1_000_000;
    // There is one OrderPlaced per order, so the order's id serves as the event's: cheaper than a hash at 100,000 orders a second.
    return {
      eventId: orderId,
      eventType: 'OrderPlaced',
      orderId,
      userId,
      items,
      totalAmount: cents / 100,
      status: failed ? 'failed' : 'placed',
      createdAt,
    };
  };

  function pick<T>(from: readonly T[]): T {
    return from[uniformInt(random, 0, from.length - 1)] as T;
  }
}

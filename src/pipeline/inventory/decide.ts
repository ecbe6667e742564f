/** The decision on an order: pure, so that the same order gets the same answer on every machine and in every replay. */
import { hash } from 'node:crypto';
import type { InventoryEventType } from '../events/inventory-event.ts';
import type { OrderPlaced } from '../events/order-placed.ts';

/** Injected failures: which share of the reservations fails (0 to 1), and which ones (the seed). */
export type Faults = { failRate: number; seed: string };

/**
 * @param order an order seen for the first time
 * @param faults injected failures
 * @returns released for an order that arrived failed, else reserved or failed
 */
export function decide(order: OrderPlaced, faults: Faults): InventoryEventType {
  if (order.status === 'failed') return 'InventoryReleased';
  return isInjectedFault(order.orderId, faults) ? 'InventoryFailed' : 'InventoryReserved';
}

/** A hash, never chance: the first 32 bits of SHA-1 over seed, NUL and order id, as a fraction of 1, against the rate. */
function isInjectedFault(orderId: string, { failRate, seed }: Faults): boolean {
  if (failRate === 0 || failRate === 1) return failRate === 1;
  const digest = hash('sha1', `${seed}\0${orderId}`, 'hex');
  return Number.parseInt(digest.slice(0, 8), 16) / 2 ** 32 < failRate;
}

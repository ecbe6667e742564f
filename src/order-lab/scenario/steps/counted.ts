/** Analytics' figures of one run: what there was before it is taken off. Pure. */
import type { Metrics } from '../../../pipeline/analytics/metrics.ts';
import type { Counted } from '../lab-steps.ts';

/**
 * @param before metrics when the run began
 * @param now metrics of this moment
 */
export function countedSince(before: Metrics, now: Metrics): Counted {
  const reservations = now.total_reservations - before.total_reservations;
  const failedReservations = now.failed_reservations - before.failed_reservations;
  return {
    orders: now.total_orders - before.total_orders,
    reservations,
    failedReservations,
    failedOrders: now.failed_orders - before.failed_orders,
    duplicatesIgnored: now.duplicates_ignored - before.duplicates_ignored,
    deadLetters: now.dead_letters - before.dead_letters,
    failureRate: reservations === 0 ? 0 : failedReservations / reservations,
  };
}

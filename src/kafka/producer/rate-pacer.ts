/** Spreads a burst evenly over time where a rate is asked for. */

/**
 * @param ratePerSec records per second; undefined for as fast as it goes
 * @param elapsedMs time since the first record
 * @param sent how many went out already
 * @returns how many may go out now: never ahead of the rate, and a late burst catches up
 */
export function dueNow(ratePerSec: number | undefined, elapsedMs: number, sent: number): number {
  if (ratePerSec === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(0, Math.floor((elapsedMs * ratePerSec) / 1000) + 1 - sent);
}

/** @returns milliseconds until the next record is due, at least 1 */
export function msUntilDue(ratePerSec: number, elapsedMs: number, sent: number): number {
  return Math.max(1, Math.ceil((sent * 1000) / ratePerSec - elapsedMs));
}

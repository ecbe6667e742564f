/** Orders by minute of their creation: the newest minutes one by one, the older ones summed, at a cost that knows nothing of how many. */
import { hash } from 'node:crypto';

/** How many minutes are told one by one: a day of them. */
export const newestMinutes = 1440;

/** What lies before the newest minutes. The digest is over each of its minutes. */
export type OlderMinutes = { minutes: number; orders: number; digest: string };

type Day = { minutes: Map<string, number>; digest: bigint };

const modulus = 2n ** 256n;

/**
 * The digest of the older minutes is the sum, modulo 2^256, of one SHA-256 per day (over its minutes in their order, as JSON): a new
 * order makes one day's anew, whatever else there is, and the same minutes give the same sum in whatever order they came.
 */
export class OrdersByMinute {
  /** The newest minutes, and up to as many again that are not sorted out yet. */
  readonly #newest = new Map<string, number>();
  readonly #days = new Map<string, Day>();
  readonly #changed = new Set<string>();
  /** The newest of the older minutes. */
  #olderUpTo = '';
  #older = { minutes: 0, orders: 0, digest: 0n };

  /** How many minutes hold orders. */
  get size(): number {
    return this.#newest.size + this.#older.minutes;
  }

  /** @param minute in UTC, `2026-11-20T20:30:00Z` */
  add(minute: string, orders = 1): void {
    if (minute <= this.#olderUpTo) {
      this.#addOlder(minute, orders);
      return;
    }
    this.#newest.set(minute, (this.#newest.get(minute) ?? 0) + orders);
    if (this.#newest.size > 2 * newestMinutes) this.#sortOut();
  }

  /** @returns the newest minutes that hold orders, oldest first */
  newest(): Record<string, number> {
    return Object.fromEntries(this.#sortOut());
  }

  /** @returns the minutes before those */
  older(): OlderMinutes {
    this.#sortOut();
    for (const name of this.#changed) {
      const day = this.#days.get(name) as Day;
      const digest = BigInt(`0x${hash('sha256', JSON.stringify([...day.minutes].sort(byMinute)), 'hex')}`);
      this.#older.digest = (this.#older.digest - day.digest + digest + modulus) % modulus;
      day.digest = digest;
    }
    this.#changed.clear();
    const { minutes, orders, digest } = this.#older;
    return { minutes, orders, digest: `sum-of-sha256:${digest.toString(16).padStart(64, '0')}` };
  }

  #sortOut(): [minute: string, orders: number][] {
    const sorted = [...this.#newest].sort(byMinute);
    const older = sorted.splice(0, Math.max(0, sorted.length - newestMinutes));
    for (const [minute, orders] of older) {
      this.#newest.delete(minute);
      this.#addOlder(minute, orders);
      this.#olderUpTo = minute;
    }
    return sorted;
  }

  #addOlder(minute: string, orders: number): void {
    const name = minute.slice(0, 10);
    const day = this.#days.get(name) ?? { minutes: new Map<string, number>(), digest: 0n };
    const known = day.minutes.get(minute);
    day.minutes.set(minute, (known ?? 0) + orders);
    this.#days.set(name, day);
    this.#changed.add(name);
    this.#older.orders += orders;
    if (known === undefined) this.#older.minutes += 1;
  }
}

const byMinute = ([a]: [string, number], [b]: [string, number]): number => (a < b ? -1 : 1);

/** How long an order takes from "accepted" to "visible", by decisions that are new here: one that is read again proves nothing. */
import { type Partition, partitionKey } from '../../kafka/partition.ts';

/** What became visible longer ago says nothing about now (ms). */
const freshMs = 10_000;

export class EndToEnd {
  /** The next offset that was never read before, by partition. */
  readonly #next = new Map<string, number>();
  #last: { ms: number; atMs: number } | undefined;

  /** @param offset what comes before it was read already */
  readUpTo(partition: Partition, offset: number): void {
    this.#next.set(partitionKey(partition), Math.max(offset, this.#next.get(partitionKey(partition)) ?? 0));
  }

  /**
   * @param decisions that became visible together, with the time at which their order was accepted (RFC 3339)
   * @param nowMs when (ms since 1970)
   */
  visible(decisions: readonly (Partition & { offset: number; createdAt: string })[], nowMs: number): void {
    const fresh = decisions.filter((one) => one.offset >= (this.#next.get(partitionKey(one)) ?? 0));
    if (fresh.length === 0) return;
    for (const one of fresh) this.readUpTo(one, one.offset + 1);
    const sum = fresh.reduce((total, { createdAt }) => total + nowMs - Date.parse(createdAt), 0);
    this.#last = { ms: Math.max(0, Math.round(sum / fresh.length)), atMs: nowMs };
  }

  /** @returns the mean of the decisions that became visible last (ms), null where nothing did lately */
  meanMs(nowMs: number): number | null {
    return this.#last && nowMs - this.#last.atMs <= freshMs ? this.#last.ms : null;
  }
}

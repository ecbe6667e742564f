/**
 * Partitions that stand because the broker refuses what their records would have written: a topic that was configured otherwise, a right
 * that was taken away. They are left unread and tried again; the others go on.
 */
import type { Logger } from 'pino';
import { ReplaygroundError } from '../errors.ts';
import { type Partition, type PartitionOffset, partitionKey } from '../partition.ts';
import { retryMs } from './unreadable.ts';
import type { Waiting } from './watch-transactions.ts';

/** `refused`, with the records on whose account something was to be written. */
export class RefusedError extends ReplaygroundError {
  readonly places: readonly PartitionOffset[];

  constructor(message: string, places: readonly PartitionOffset[], cause: unknown) {
    super('refused', message, { cause });
    this.places = places;
  }
}

/** Whoever is refused leaves its group and joins it again, which holds up the others for a moment: seldom, where it does not help (ms). */
const longestRetryMs = 60_000;

type Refusal = PartitionOffset & { sinceMs: number; because: string; retryAtMs: number; delayMs: number };

export class Refusals {
  readonly #logger: Pick<Logger, 'error' | 'info'>;
  readonly #standing = new Map<string, Refusal>();

  /** @param logger is told once of each, and once when it is over */
  constructor(logger: Pick<Logger, 'error' | 'info'>) {
    this.#logger = logger;
  }

  /**
   * @param error whatever ended the reading
   * @param nowMs epoch ms
   * @returns whether to read on without the partitions that it is about
   */
  take(error: unknown, nowMs = Date.now()): boolean {
    if (!(error instanceof RefusedError) || error.places.length === 0) return false;
    const news: Refusal[] = [];
    for (const place of error.places) {
      const before = this.#standing.get(partitionKey(place));
      const delayMs = before ? Math.min(before.delayMs * 2, longestRetryMs) : retryMs;
      const { topic, partition, offset } = place;
      const sinceMs = before?.sinceMs ?? nowMs;
      const refusal = { topic, partition, offset, sinceMs, because: error.message, retryAtMs: nowMs + delayMs, delayMs };
      this.#standing.set(partitionKey(place), refusal);
      if (before?.because !== refusal.because) news.push(refusal);
    }
    if (news.length > 0) {
      const [{ topic, partition, offset }] = news as [Refusal];
      this.#logger.error({ topic, partition, offset }, `${error.message}. ${standing(news)}`);
    }
    return true;
  }

  /** @returns whether the partition is to be left unread for now */
  holds(one: Partition, nowMs = Date.now()): boolean {
    return (this.#standing.get(partitionKey(one))?.retryAtMs ?? 0) > nowMs;
  }

  /** What was written is in the log: call it with the next offsets to read. */
  passed(positions: readonly PartitionOffset[]): void {
    if (this.#standing.size === 0) return;
    for (const { topic, partition, offset } of positions) {
      const key = partitionKey({ topic, partition });
      if ((this.#standing.get(key)?.offset ?? offset) >= offset) continue;
      this.#standing.delete(key);
      this.#logger.info({ topic, partition, offset }, `${key} goes on: what was refused is written`);
    }
  }

  /** What `/health` says. */
  waiting(): Waiting[] {
    return [...this.#standing.values()].map(({ topic, partition, offset, sinceMs, because }) => ({
      ...{ topic, partition, offset, since: new Date(sinceMs).toISOString() },
      because: `${because}. ${standing([{ topic, partition }])}`,
    }));
  }
}

const standing = (partitions: readonly Partition[]): string =>
  `${partitions.map(partitionKey).join(', ')} ${partitions.length === 1 ? 'stands' : 'stand'} until then, the other partitions go on; tried again after ${retryMs / 1000} s, then less often, at least every ${longestRetryMs / 1000} s`;

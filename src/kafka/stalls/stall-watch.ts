/** Notices a client that gives nothing although there is something: it can go on sending heartbeats all the while (librdkafka #5456). */
import { ReplaygroundError } from '../errors.ts';
import { type Partition, partitionKey } from '../partition.ts';

/** A partition that ends beyond what was read. */
export type Unread = Partition & { end: number };

export class StallWatch {
  readonly #silenceMs: number;
  #silentSinceMs = Date.now();
  #suspected = false;

  /** @param silenceMs after so long without a record the broker is asked whether there is one; twice the same answer is a stall */
  constructor(silenceMs: number) {
    this.#silenceMs = silenceMs;
  }

  /** A record came, or there is a reason why none does. */
  heard(): void {
    this.#silentSinceMs = Date.now();
    this.#suspected = false;
  }

  /**
   * To be called between batches.
   * @param askUnread the first partition that ends beyond what was read; undefined where there is none
   * @throws ReplaygroundError `stalled`
   */
  async check(askUnread: () => Promise<Unread | undefined>): Promise<void> {
    if (Date.now() - this.#silentSinceMs < this.#silenceMs) return;
    const unread = await askUnread();
    if (unread && this.#suspected) {
      throw new ReplaygroundError('stalled', `${partitionKey(unread)} has records up to ${unread.end}, but the client gives none`);
    }
    this.heard();
    this.#suspected = unread !== undefined;
  }
}

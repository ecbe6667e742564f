/** Counts the orders that Kafka has not answered for yet, and wakes whoever waits for fewer of them. */

export class InFlight {
  acknowledged = 0;
  failed = 0;
  /** Why the first order failed that did. */
  failure: Error | undefined;
  #sent = 0;
  #lastReportAt = Date.now();
  #waiting: { atMost: number; resolve: () => void } | undefined;

  get sent(): number {
    return this.#sent;
  }

  get count(): number {
    return this.#sent - this.acknowledged - this.failed;
  }

  /** So many more orders were handed to the client. */
  add(orders: number): void {
    this.#sent += orders;
  }

  /**
   * What became of a batch.
   * @param acknowledged how many of its orders the broker has
   * @param failed how many it has not
   * @param failure why, for the first of these
   */
  report(acknowledged: number, failed = 0, failure?: Error): void {
    this.acknowledged += acknowledged;
    this.failed += failed;
    this.failure ??= failure;
    this.#lastReportAt = Date.now();
    if (this.#waiting && this.count <= this.#waiting.atMost) this.#waiting.resolve();
  }

  /**
   * @param atMost resolve when no more than this many are out
   * @param silenceMs give up when no report came for this long (ms)
   * @returns false when it gave up
   */
  async fallTo(atMost: number, silenceMs: number): Promise<boolean> {
    if (this.count <= atMost) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const started = Date.now();
    const watch = setInterval(() => {
      if (Date.now() - Math.max(this.#lastReportAt, started) > silenceMs) resolve(false);
    }, 250);
    this.#waiting = { atMost, resolve: () => resolve(true) };
    try {
      return await promise;
    } finally {
      clearInterval(watch);
      this.#waiting = undefined;
    }
  }
}

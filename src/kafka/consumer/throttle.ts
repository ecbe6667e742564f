/** Throttle: a pause per record, cut so that no batch waits much longer than the commit interval. */
import { setTimeout as sleep } from 'node:timers/promises';

export type Pace = {
  /** How many records a batch may hold, so that their pauses fit into the commit interval. */
  maxRecords: number;
  /** Waits until so many records may be done; returns early when the signal aborts. */
  slowDown: (records: number, signal: AbortSignal) => Promise<void>;
};

export type PaceLimits = {
  /** Batch size without a throttle. */
  maxRecords: number;
  /** The commit interval (ms). */
  withinMs: number;
};

/** A monotonic clock (ms), and a wait on it that ends early when the signal aborts. */
export type Clock = { now: () => number; wait: (ms: number, signal: AbortSignal) => Promise<void> };

const processClock: Clock = {
  now: () => performance.now(),
  wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
};

/**
 * Keeps the pace from batch to batch. What a batch is late by, up to one commit interval, the next one makes up for: otherwise
 * commits and timers would add to every pause, and three instances would not be three times as fast as one.
 */
export class Pacer {
  readonly #limits: PaceLimits;
  readonly #clock: Clock;
  /** When the last batch was due. */
  #due = 0;

  /** @param clock the one of the process where nothing else is said */
  constructor(limits: PaceLimits, clock: Clock = processClock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /**
   * @param throttleMs pause per record (ms), 0 for none
   * @returns the pace of the batch that begins now
   */
  begin(throttleMs: number): Pace {
    const { maxRecords, withinMs } = this.#limits;
    if (throttleMs === 0) return { maxRecords, slowDown: async () => {} };
    const start = Math.max(this.#due, this.#clock.now() - withinMs);
    return {
      maxRecords: Math.min(maxRecords, Math.max(1, Math.floor(withinMs / throttleMs))),
      slowDown: async (records, signal) => {
        this.#due = start + records * throttleMs;
        const remaining = this.#due - this.#clock.now();
        if (remaining > 0) await this.#clock.wait(remaining, signal);
      },
    };
  }
}

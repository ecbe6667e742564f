/** Whether what is shown of a source is fresh, and since when it is not. */
import type { SourceState } from '../../wire/all.ts';

/** A few looks may fail or be slow without anybody being told (ms). */
const freshMs = 3500;

export class Source {
  readonly #startedMs = Date.now();
  #okMs: number | undefined;
  #error: string | null = null;

  /** It answered. */
  ok(nowMs = Date.now()): void {
    this.#okMs = nowMs;
    this.#error = null;
  }

  /** It did not. */
  failed(error: unknown): void {
    this.#error = error instanceof Error ? error.message : String(error);
  }

  /**
   * @param upSinceMs since when what answers is up, null while it is not: what it said before is old at once. Undefined where nobody knows
   */
  view(nowMs = Date.now(), upSinceMs?: number | null): SourceState {
    const sinceMs = this.#okMs ?? this.#startedMs;
    const isOfBefore = upSinceMs === null || (upSinceMs !== undefined && sinceMs < upSinceMs);
    const isStale = isOfBefore || nowMs - sinceMs > freshMs;
    return {
      okAt: this.#okMs === undefined ? null : new Date(this.#okMs).toISOString(),
      staleSince: isStale ? new Date(sinceMs).toISOString() : null,
      error: isStale ? (this.#error ?? 'no answer yet') : null,
    };
  }
}

/**
 * Looks again and again, never twice at once, and never faster than `everyMs`.
 * @param look one look; what it throws makes the source stale, and the next look comes as usual
 */
export async function keepLooking(source: Source, everyMs: number, look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const startedMs = Date.now();
    try {
      await look();
      source.ok();
    } catch (error) {
      source.failed(error);
    }
    await pause(Math.max(everyMs / 4, everyMs - (Date.now() - startedMs)), signal);
  }
}

/** Settles after so many milliseconds, or at once when the signal comes. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}

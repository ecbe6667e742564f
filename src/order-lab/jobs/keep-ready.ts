/** While somebody looks at the page, the worker is kept ready: a first click must not wait until a process has started. */
import type { Worker } from './worker.ts';

export type KeepReadyOptions = {
  worker: Pick<Worker, 'run'>;
  /** Whether somebody looks, and there is a Kafka to be ready for. */
  isWanted: () => boolean;
  /** Shorter than the worker waits before it ends (ms). */
  everyMs: number;
  signal: AbortSignal;
};

/** @returns a function to call when somebody comes */
export function keepReady({ worker, isWanted, everyMs, signal }: KeepReadyOptions): () => void {
  const getReady = (): void => {
    // What fails here fails again for who asks in earnest, and is told there.
    if (isWanted()) worker.run('getReady', undefined).catch(() => {});
  };
  const timer = setInterval(getReady, everyMs).unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return getReady;
}

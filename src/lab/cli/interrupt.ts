/** Ctrl-C and a plain `kill` as AbortSignals, for verbs that have something to clean up. */

export type Interrupts = {
  /** Aborted at the first signal: clean up. */
  stop: AbortSignal;
  /** Aborted at the second one: whoever sends it does not want to wait. */
  hurry: AbortSignal;
};

/**
 * From this call on the signals no longer end the process by themselves: the verb has to return once `stop` is aborted.
 * The reason of `stop` is the name of the signal.
 */
export function watchInterrupts(): Interrupts {
  const stop = new AbortController();
  const hurry = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => (stop.signal.aborted ? hurry : stop).abort(signal));
  }
  return { stop: stop.signal, hurry: hurry.signal };
}

/** @returns aborted at the first SIGINT, SIGTERM or SIGHUP */
export const abortOnInterrupt = (): AbortSignal => watchInterrupts().stop;

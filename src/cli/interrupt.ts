/** Ctrl-C and a plain `kill` as an AbortSignal, for verbs that have something to clean up. */

/**
 * From this call on the signals no longer end the process by themselves: the verb has to return once it is aborted.
 * @returns aborted at the first SIGINT, SIGTERM or SIGHUP
 */
export function abortOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => controller.abort(signal));
  return controller.signal;
}

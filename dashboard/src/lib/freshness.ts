/** Whether what is on the page is of now: a pure decision, so that the stale state can be tested without a network. */

export type Connection =
  | { state: 'connecting' }
  | { state: 'live' }
  /** Nothing came since then; the page tries again by itself. */
  | { state: 'stale'; sinceMs: number }
  /** Nothing comes any more: a recording is played. */
  | { state: 'recorded' };

/** The lab sends something each second; so long may it be silent before the page says so (ms). */
export const silentMs = 4000;

/** @param lastHeardMs when the lab sent something last; undefined before it ever did */
export function connectionOf(lastHeardMs: number | undefined, nowMs: number): Connection {
  if (lastHeardMs === undefined) return { state: 'connecting' };
  return nowMs - lastHeardMs > silentMs ? { state: 'stale', sinceMs: lastHeardMs } : { state: 'live' };
}

/** @returns ms to wait before the next try: soon at first, then every three seconds */
export const retryDelay = (tries: number): number => Math.min(3000, 500 * 2 ** Math.min(tries, 4));

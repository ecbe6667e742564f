/** How long a crashed process waits for its next start: longer each time, so that a broken one does not eat the machine. */

export const firstDelayMs = 200;
export const longestDelayMs = 10_000;

/** Healthy for so long, and the next crash counts as the first again (ms). */
export const forgivenAfterMs = 10_000;

/**
 * @param crashes crashes in a row before this one, from 0
 * @returns milliseconds to wait: 200, 400, 800, ... 10,000
 */
export const backOffMs = (crashes: number): number => Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(crashes, 16));

/**
 * @param crashes crashes in a row so far
 * @param healthyForMs how long the process was healthy before it crashed now; 0 if it never was
 * @returns crashes in a row before this one
 */
export const crashesInARow = (crashes: number, healthyForMs: number): number => (healthyForMs >= forgivenAfterMs ? 0 : crashes);

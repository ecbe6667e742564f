/** Whether a lab is up: every process that should run is healthy; and the wait for it, with an end. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessView } from '../wire/lab-state.ts';

type View = Pick<ProcessView, 'name' | 'state' | 'restarts' | 'detail'>;

/** A process that crashed so often without ever being healthy will not become so. */
const hopelessRestarts = 5;

/** @returns whether all are healthy, but for those that somebody stopped */
export const allHealthy = (views: readonly View[]): boolean => views.every(({ state }) => state === 'healthy' || state === 'stopped');

/** @returns the processes that are not up and, by the look of it, never will be */
export const hopeless = (views: readonly View[]): View[] =>
  views.filter(({ state, restarts }) => state === 'crashed' || (restarts >= hopelessRestarts && state === 'restarting'));

/**
 * @param views the processes now
 * @param deadlineMs how long to wait at most
 * @param signal ends the wait
 * @returns those that did not get healthy; empty when all did
 */
export async function waitUntilHealthy(views: () => View[], deadlineMs: number, signal: AbortSignal): Promise<View[]> {
  const end = Date.now() + deadlineMs;
  while (!signal.aborted) {
    const now = views();
    if (allHealthy(now)) return [];
    const lost = hopeless(now);
    if (lost.length > 0) return lost;
    if (Date.now() > end) return now.filter((view) => !allHealthy([view]));
    await delay(25, undefined, { signal }).catch(() => {});
  }
  return [];
}

/** Waits for a condition, never for a length of time. */
import { setTimeout as delay } from 'node:timers/promises';

/** A machine that builds for others too is slow; what works is over long before (ms). */
export const patienceMs = 90_000;

/**
 * @param condition asked again and again until it gives something truthy; what it throws counts as not yet
 * @param options `what` is waited for, for the error; `deadlineMs` when to give up
 * @returns what the condition gave
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { what, deadlineMs = patienceMs }: { what: string; deadlineMs?: number },
): Promise<Exclude<T, false | null | undefined>> {
  const end = Date.now() + deadlineMs;
  let last: unknown;
  do {
    try {
      const value = await condition();
      if (value) return value as Exclude<T, false | null | undefined>;
      last = value;
    } catch (error) {
      last = error;
    }
    await delay(25);
  } while (Date.now() < end);
  throw new Error(`not within ${deadlineMs} ms: ${what} (last: ${last instanceof Error ? last.message : JSON.stringify(last)})`);
}

/** Ends a process in order: asks, waits, and only then kills. */
import { setTimeout as delay } from 'node:timers/promises';

/** How a process ended: an exit code, or the signal that ended it. */
export type Exit = { code: number | null; signal: string | null };

/** As much of a child process as stopping it needs. */
export type Stoppable = { exited: Promise<Exit>; kill(signal: NodeJS.Signals): void };

/**
 * @param process what to end; one that is gone already is fine
 * @param timeoutMs how long it may take after SIGTERM before SIGKILL ends it
 */
export async function stopProcess(process: Stoppable, timeoutMs: number): Promise<void> {
  process.kill('SIGTERM');
  const timer = new AbortController();
  const timeout = delay(timeoutMs, 'timeout', { signal: timer.signal }).catch(() => 'cancelled');
  const first = await Promise.race([process.exited, timeout]);
  timer.abort();
  if (first === 'timeout') process.kill('SIGKILL');
  await process.exited;
}

/** Asks a service again and again, until it says what is waited for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ReplaygroundError } from '../src/kafka/errors.ts';

const askTimeoutMs = 10_000;

/**
 * @param url of an answer in JSON; a service that is not there yet, or answers something else, is asked again
 * @param fits told of each answer; the first one that it takes ends this
 * @param everyMs how long to wait between two
 * @throws ReplaygroundError `bench-stalled` after `deadlineMs`, with the last answer
 */
export async function pollUntil<T>(
  url: string,
  fits: (answer: T) => boolean,
  { everyMs, deadlineMs }: { everyMs: number; deadlineMs: number },
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(askTimeoutMs) }).then(
      (response) => response.json() as Promise<T>,
      () => undefined,
    );
    if (answer !== undefined && fits(answer)) return answer;
    if (performance.now() > deadline) {
      throw new ReplaygroundError('bench-stalled', `${url} does not say what is waited for: ${JSON.stringify(answer)?.slice(0, 300)}`);
    }
    await sleep(everyMs);
  }
}

/** What the Kafka clients say of a trouble that lasts, in the service's log: once, again with another cause, and that it is over. */
import type { Logger } from 'pino';
import { ClientTroubles, type Said } from './client-troubles.ts';
import { hearWords } from './client-words.ts';

const lookMs = 1000;

/**
 * @param logger where it is said
 * @param options `outages`: whether it is said that no broker can be reached; not where the service finds that out by itself
 * @returns ends it
 */
export function tellClientTroubles(logger: Pick<Logger, 'warn' | 'info'>, { outages = true }: { outages?: boolean } = {}): Disposable {
  const troubles = new ClientTroubles();
  const say = (all: readonly Said[]): void => {
    for (const { kind, text, sinceMs, isOutage } of all) {
      if (isOutage && !outages) continue;
      const since = new Date(sinceMs).toISOString();
      if (kind === 'over') logger.info({ since }, `Kafka client: no longer: ${text}`);
      else logger.warn({ since }, `Kafka client: ${text}`);
    }
  };
  const heard = hearWords((word) => say(troubles.hear(word, Date.now())));
  const timer = setInterval(() => say(troubles.look(Date.now())), lookMs).unref();
  return {
    [Symbol.dispose]: () => {
      heard[Symbol.dispose]();
      clearInterval(timer);
    },
  };
}

/** Says once that a batch cannot be read, and once when its partition goes on; or that it was passed over. */
import type { Logger } from 'pino';
import { partitionKey } from '../partition.ts';
import { type PassedOver, passedOverText, type Unreadable, unreadableText } from './unreadable.ts';
import type { Waiting } from './watch-transactions.ts';

/** @returns where a consumer tells what it cannot read, and what `/health` says of it */
export function tellUnreadable(logger: Pick<Logger, 'error' | 'info'>): {
  onUnreadable: (unreadable: readonly Unreadable[]) => void;
  waiting: () => Waiting[];
} {
  let now = new Map<string, Unreadable & { since: string }>();
  return {
    onUnreadable: (unreadable) => {
      const before = now;
      const since = new Date().toISOString();
      now = new Map(unreadable.map((one) => [partitionKey(one), { ...one, since: before.get(partitionKey(one))?.since ?? since }]));
      for (const [key, one] of now) {
        if (before.get(key)?.offset === one.offset) continue;
        logger.error({ topic: one.topic, partition: one.partition, offset: one.offset }, unreadableText(one));
      }
      for (const [key, { topic, partition, offset }] of before) {
        if (!now.has(key)) logger.info({ topic, partition, offset }, `${key} is no longer left unread at offset ${offset}`);
      }
    },
    waiting: () =>
      [...now.values()].map((one) => ({
        ...{ topic: one.topic, partition: one.partition, offset: one.offset, since: one.since },
        because: unreadableText(one),
      })),
  };
}

/**
 * @param meaning what it costs that it is left out, and how to get it back
 * @returns where a reader tells what it passed over: said once for each batch, however often it is met
 */
export function tellPassedOver(logger: Pick<Logger, 'warn'>, meaning: string): (one: PassedOver) => void {
  const said = new Set<string>();
  return (one) => {
    const { topic, partition, offset, to } = one;
    if (said.has(`${partitionKey(one)} ${offset}`)) return;
    said.add(`${partitionKey(one)} ${offset}`);
    logger.warn({ topic, partition, offset, to }, passedOverText(one, meaning));
  };
}

/** A service notices that records it owns stay unreadable behind somebody's open transaction, and says so once, and when it is over. */

import type { Logger } from 'pino';
import type { Partition } from '../partition.ts';
import { askTwoEnds, type EndClients } from './ask-two-ends.ts';
import { type OpenTransaction, OpenTransactions, openTransactionText } from './open-transactions.ts';

const everyMs = 3000;
const timeoutMs = 2000;

export type TransactionWatchOptions = EndClients & {
  /** The partitions that the service wants to read now. */
  partitions: () => readonly Partition[];
  logger: Pick<Logger, 'warn' | 'info'>;
};

/** What `/health` says of a partition that waits. */
export type Waiting = Partition & { offset: number; since: string; because: string };

/** @returns what waits now; disposing of it ends the watch */
export function watchTransactions({ partitions, askStable, askEnds, logger }: TransactionWatchOptions): Disposable & {
  waiting: () => Waiting[];
} {
  const transactions = new OpenTransactions();
  let looking = false;
  const look = async (): Promise<void> => {
    const ends = await Promise.all(partitions().map((one) => askTwoEnds({ askStable, askEnds }, one, timeoutMs)));
    const { begun, over } = transactions.look(ends, Date.now());
    for (const one of begun) logger.warn({ topic: one.topic, partition: one.partition, offset: one.offset }, openTransactionText(one));
    for (const { topic, partition, offset } of over) {
      logger.info({ topic, partition, offset }, `${topic}/${partition} can be read again: the transaction at offset ${offset} is over`);
    }
  };
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    // Without an answer nothing is known, and whoever needs Kafka says so.
    look()
      .catch(() => {})
      .finally(() => {
        looking = false;
      });
  }, everyMs);
  return {
    waiting: () => transactions.open.map(asWaiting),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

const asWaiting = (open: OpenTransaction): Waiting => {
  const { topic, partition, offset, sinceMs } = open;
  return { topic, partition, offset, since: new Date(sinceMs).toISOString(), because: openTransactionText(open) };
};

/** The books are read by a reader of committed records, up to ends that are known: what is open before them must be over first. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { KafkaInspector } from '../../kafka/groups/inspector.ts';
import { type Partition, partitionKey } from '../../kafka/partition.ts';
import { type OpenTransaction, OpenTransactions, openTransactionText } from '../../kafka/stalls/open-transactions.ts';

const pollMs = 500;

/** Says whose transaction it is, where that can be found out. */
export type DescribeOpen = (open: OpenTransaction) => Promise<string>;

/**
 * @param ends up to where each partition will be read
 * @param describe names a transaction that does not end
 * @throws ReplaygroundError `open-transaction` where one is open for longer than any of our own may be; `kafka-error`, `kafka-deadline`; the
 *   reason of `signal`
 */
export async function awaitStable(
  inspector: Pick<KafkaInspector, 'ask'>,
  ends: readonly (Partition & { offset: number })[],
  describe: DescribeOpen = async (open) => openTransactionText(open),
  signal?: AbortSignal,
): Promise<void> {
  const transactions = new OpenTransactions();
  for (;;) {
    signal?.throwIfAborted();
    const answers = await inspector.ask('offsets', ends, 'stable');
    const stable = new Map(answers.map((one) => [partitionKey(one), one.offset]));
    const open = ends.map((one) => ({ ...one, stable: stable.get(partitionKey(one)) ?? 0, end: one.offset }));
    if (open.every((one) => one.stable >= one.end)) return;
    const [first] = transactions.look(open, Date.now()).begun;
    if (first) throw new ReplaygroundError('open-transaction', `the ledger waits: ${await describe(first)}`, { retriable: true });
    await sleep(pollMs);
  }
}

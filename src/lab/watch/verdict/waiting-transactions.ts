/** Transactions that somebody leaves open on the pipeline's topics, each with its owner, who is looked up once. */

import { type Partition, partitionKey } from '../../../kafka/partition.ts';
import {
  type OpenTransaction,
  OpenTransactions,
  openTransactionText,
  type TransactionOwner,
  type TwoEnds,
} from '../../../kafka/stalls/open-transactions.ts';

export type OwnerOf = (open: OpenTransaction) => Promise<TransactionOwner | undefined>;

export type WaitingPartition = Partition & { text: string };

export class TransactionLook {
  readonly #ownerOf: OwnerOf;
  readonly #transactions = new OpenTransactions();
  /** By `partitionKey`, of those that are open. */
  readonly #owners = new Map<string, TransactionOwner>();

  /** @param ownerOf asked once for each transaction, beside everything else */
  constructor(ownerOf: OwnerOf) {
    this.#ownerOf = ownerOf;
  }

  look(ends: readonly TwoEnds[], nowMs: number): void {
    const { begun, over } = this.#transactions.look(ends, nowMs);
    for (const one of over) this.#owners.delete(partitionKey(one));
    for (const one of begun) void this.#ownerOf(one).then((owner) => owner && this.#owners.set(partitionKey(one), owner));
  }

  /** The partitions that wait, with the sentence about each. */
  get waiting(): WaitingPartition[] {
    return this.#transactions.open.map((open) => {
      const { topic, partition } = open;
      return { topic, partition, text: openTransactionText(open, this.#owners.get(partitionKey(open))) };
    });
  }
}

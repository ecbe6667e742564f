/** Records that nobody may read yet, because a transaction before them is open: where, since when, and what ends it. Pure. */
import { type Partition, partitionKey } from '../partition.ts';

/** Two ends of one partition: readers of committed records get no further than `stable` (the last stable offset, KIP-98). */
export type TwoEnds = Partition & { stable: number; end: number };

/** `offset` is the first one of the transaction; `sinceMs` is when it was first seen to be open (ms since 1970). */
export type OpenTransaction = Partition & { offset: number; sinceMs: number };

/** So long any transaction of our own may be open, and a little longer: it is no news (ms). */
const patienceMs = 12_000;

/** Remembers since when partitions stand at an open transaction. */
export class OpenTransactions {
  #seen = new Map<string, OpenTransaction>();
  #told = new Map<string, OpenTransaction>();

  /** Those that are open for longer than any of our own may be. */
  get open(): OpenTransaction[] {
    return [...this.#told.values()];
  }

  /**
   * @param ends of all partitions that are of interest now
   * @param nowMs when they were known (ms since 1970)
   * @returns what is to be told: which transactions have now been open for long, and which of those are over
   */
  look(ends: readonly TwoEnds[], nowMs: number): { begun: OpenTransaction[]; over: OpenTransaction[] } {
    const before = this.#told;
    const seen = ends
      .filter(({ stable, end }) => stable < end)
      .map(({ topic, partition, stable: offset }) => {
        const known = this.#seen.get(partitionKey({ topic, partition }));
        return known?.offset === offset ? known : { topic, partition, offset, sinceMs: nowMs };
      });
    this.#seen = byKey(seen);
    this.#told = byKey(seen.filter(({ sinceMs }) => nowMs - sinceMs >= patienceMs));
    return {
      begun: this.open.filter((one) => before.get(partitionKey(one))?.offset !== one.offset),
      over: [...before.values()].filter((one) => this.#told.get(partitionKey(one))?.offset !== one.offset),
    };
  }
}

const byKey = (all: readonly OpenTransaction[]): Map<string, OpenTransaction> => new Map(all.map((one) => [partitionKey(one), one]));

/** Who opened a transaction, as Kafka's own tool tells it; what it does not tell is left out. */
export type TransactionOwner = { producerId: string; transactionalId?: string; startedMs?: number; timeoutMs?: number };

/**
 * @param open the transaction
 * @param owner where it is known
 * @returns what waits, for whom, since when, until when, and what ends it; one line
 */
export function openTransactionText({ topic, partition, offset, sinceMs }: OpenTransaction, owner?: TransactionOwner): string {
  const place = `--topic ${topic} --partition ${partition}`;
  const { producerId, transactionalId, startedMs = sinceMs, timeoutMs } = owner ?? {};
  const whose =
    producerId === undefined ? '' : ` of producer id ${producerId}${transactionalId === undefined ? '' : ` (${transactionalId})`}`;
  const until = timeoutMs === undefined ? 'by its own timeout' : `by its own timeout at ${new Date(startedMs + timeoutMs).toISOString()}`;
  const who = producerId === undefined ? ` (./lab kafka transactions describe-producers ${place} names its producer)` : '';
  return (
    `${topic}/${partition} cannot be read beyond offset ${offset}: a transaction${whose} is open there since ${new Date(startedMs).toISOString()}${who}; ` +
    `Kafka ends it ${until}, or you: ./lab kafka transactions abort ${place} --start-offset ${offset}`
  );
}

/** The books of a run, as `./lab ledger` keeps them, when everything must be decided: what is not is missing. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { partitionKey } from '../../kafka/partition.ts';
import { LedgerBooks } from '../ledger/books.ts';
import type { LedgerTopics } from '../ledger/entry.ts';
import type { Finding } from '../ledger/judge-order.ts';
import type { Ledger } from './lab-steps.ts';

type Read = Pick<Message, 'topic' | 'partition' | 'offset' | 'key' | 'value' | 'headers'>;

/** Memory is bounded for the entries of so many records; more are grouped in larger pieces. */
const expectedRecords = 2_000_000;

/** Takes the records of a run one by one, so that a long run need not be held in memory. */
export class RunBooks implements Disposable {
  readonly #topics: LedgerTopics;
  readonly #books: LedgerBooks;
  readonly #partitions = new Set<number>();

  /** @param topics how they are called */
  constructor(topics: LedgerTopics) {
    this.#topics = topics;
    this.#books = new LedgerBooks(topics, expectedRecords);
  }

  /** @param record of the orders topic, its dead-letter topic, or the inventory topic */
  add(record: Read): void {
    this.#partitions.add(record.partition);
    this.#books.add(record);
  }

  /**
   * @param from where the run began in the orders topic, by `partitionKey`
   * @returns what is missing, what is there twice, what nobody ordered; the books are empty afterwards
   */
  balance(from: ReadonlyMap<string, number> = new Map()): Ledger {
    const bounds = [...this.#partitions].map((partition) => ({
      partition,
      from: from.get(partitionKey({ topic: this.#topics.orders, partition })) ?? 0,
      committed: Number.POSITIVE_INFINITY,
      decisionsDeleted: false,
    }));
    const idsOf = new Map<Finding['kind'], string[]>();
    const { records, orders, duplicates, unreadable, decisions, byType } = this.#books.close(bounds, ({ kind, id }) => {
      // Garbage without a dead letter is no order: the scenarios that send some count the letters themselves.
      if (id === '') return;
      const list = idsOf.get(kind) ?? [];
      list.push(id);
      idsOf.set(kind, list);
    });
    const ids = (...kinds: Finding['kind'][]): string[] => kinds.flatMap((kind) => idsOf.get(kind) ?? []);
    return {
      ...{ records, orders, duplicates, unreadable, decisions, byType },
      missing: ids('missing'),
      decidedTwice: ids('decided-twice'),
      unknown: ids('no-order'),
      disordered: ids('wrong-source', 'out-of-order', 'created-at-differs'),
    };
  }

  [Symbol.dispose](): void {
    this.#books[Symbol.dispose]();
  }
}

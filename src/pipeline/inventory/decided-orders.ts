/** Which orders are decided: a cache of the output log's keys with its position, written only after the Kafka commit. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { inTransaction, openDatabase } from '../state/open-database.ts';

const layoutVersion = 1;
const tables = `
  CREATE TABLE IF NOT EXISTS decided (order_id TEXT PRIMARY KEY, partition INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS position (partition INTEGER PRIMARY KEY, offset INTEGER NOT NULL)`;

export type DecidedOrdersOptions = {
  file: string;
  /** Ids of the topics that this store belongs to. */
  topicIds: string[];
  onDiscard: (why: string) => void;
};

export class DecidedOrders implements Disposable {
  readonly #database: DatabaseSync;
  readonly #findAll: StatementSync;
  readonly #insertAll: StatementSync;
  readonly #setPosition: StatementSync;
  /** Decided by batches that are not committed yet. */
  readonly #underWay = new Set<string>();

  constructor({ file, topicIds, onDiscard }: DecidedOrdersOptions) {
    this.#database = openDatabase({ file, tables, identity: JSON.stringify([layoutVersion, ...topicIds]), onDiscard });
    this.#findAll = this.#database.prepare('SELECT value FROM json_each(?) WHERE value IN (SELECT order_id FROM decided)');
    this.#insertAll = this.#database.prepare('INSERT OR IGNORE INTO decided SELECT value, ? FROM json_each(?)');
    this.#setPosition = this.#database.prepare('INSERT OR REPLACE INTO position VALUES (?, ?)');
  }

  /**
   * @param orderIds any ids
   * @returns those of them that are decided in what is stored: one statement for all, ten times as fast as one for each
   */
  storedAmong(orderIds: readonly string[]): ReadonlySet<string> {
    return new Set(this.#findAll.all(listOf(orderIds)).map(({ value }) => value as string));
  }

  /** @returns whether a batch under way decides the order */
  isUnderWay(orderId: string): boolean {
    return this.#underWay.has(orderId);
  }

  /** Remembers a decision that is not in the log yet; it is gone with the process. */
  markUnderWay(orderId: string): void {
    this.#underWay.add(orderId);
  }

  /** Forgets all decisions under way: none of them will be in the log. */
  dropAllUnderWay(): void {
    this.#underWay.clear();
  }

  /** Forgets decisions that will never be in the log. */
  dropUnderWay(orderIds: readonly string[]): void {
    for (const orderId of orderIds) this.#underWay.delete(orderId);
  }

  /**
   * Stores decisions that are in the log.
   * @param decisions order ids by output partition
   * @param positions next offset to read of each output partition; never past what is stored
   */
  store(decisions: Map<number, string[]>, positions: Map<number, number>): void {
    inTransaction(this.#database, () => {
      for (const [partition, orderIds] of decisions) this.#insertAll.run(partition, listOf(orderIds));
      for (const [partition, offset] of positions) this.#setPosition.run(partition, offset);
    });
    for (const orderIds of decisions.values()) this.dropUnderWay(orderIds);
  }

  /** @returns the next offset to read of an output partition, undefined where nothing of it is stored */
  position(partition: number): number | undefined {
    return this.#database.prepare('SELECT offset FROM position WHERE partition = ?').get(partition)?.offset as number | undefined;
  }

  /** Forgets a partition, to read it again from its beginning. */
  forget(partition: number): void {
    inTransaction(this.#database, () => {
      this.#database.prepare('DELETE FROM decided WHERE partition = ?').run(partition);
      this.#database.prepare('DELETE FROM position WHERE partition = ?').run(partition);
    });
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

/** One list for one statement. SQLite's JSON takes what SQLite's text takes: half a surrogate pair is U+FFFD in both. */
const listOf = (orderIds: readonly string[]): string => JSON.stringify(orderIds.map((orderId) => orderId.toWellFormed()));

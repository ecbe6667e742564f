/** The view's state in SQLite: one row per order and per decision, with where it came from, and the position in the log. */
import { randomUUID } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { TopicPartition, TopicPartitionOffset } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { minuteOf } from '../../kafka/event-time.ts';
import type { InventoryEvent } from '../events/inventory-event.ts';
import { orderContents } from '../events/order-contents.ts';
import type { OrderPlaced } from '../events/order-placed.ts';
import { inTransaction, openDatabase } from '../state/open-database.ts';
import { emptyView, type Fact, keptConflicts, type Place, recentSeconds, type View } from './view.ts';

const layoutVersion = 2;
const tables = `
  CREATE TABLE IF NOT EXISTS store (id TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS orders (order_id TEXT PRIMARY KEY, partition INTEGER NOT NULL, offset INTEGER NOT NULL,
    created_ms INTEGER NOT NULL, failed INTEGER NOT NULL, contents INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS outcomes (order_id TEXT PRIMARY KEY, partition INTEGER NOT NULL, offset INTEGER NOT NULL,
    action TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS oddities (topic TEXT, partition INTEGER, offset INTEGER, kind TEXT NOT NULL, order_id TEXT,
    PRIMARY KEY (topic, partition, offset)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS conflicts ON oddities (offset) WHERE kind = 'conflicting-order';
  CREATE TABLE IF NOT EXISTS positions (topic TEXT, partition INTEGER, offset INTEGER NOT NULL,
    PRIMARY KEY (topic, partition)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS replays (id TEXT PRIMARY KEY, body TEXT NOT NULL, running INTEGER NOT NULL)`;

/** The start of the minute, rounded down before 1970 too, where SQLite's division rounds up. */
const ordersByMinute = `SELECT created_ms - ((created_ms % 60000) + 60000) % 60000 AS minute, count(*) AS orders FROM orders GROUP BY 1`;

export type ViewStoreOptions = {
  file: string;
  /** The two topics with their ids: a topic made anew is another log. */
  topics: { orders: string; inventory: string; ids: string[] };
  onDiscard: (why: string) => void;
};

export class ViewStore implements Disposable {
  /** Tells this store from any other; stands in the metadata of its offset commits. */
  readonly id: string;
  readonly database: DatabaseSync;
  readonly #topics: ViewStoreOptions['topics'];
  readonly #insertOrder: StatementSync;
  readonly #insertOutcome: StatementSync;
  readonly #insertOddity: StatementSync;
  readonly #orderFailed: StatementSync;
  readonly #firstOfId: StatementSync;
  readonly #outcomeAction: StatementSync;
  readonly #setPosition: StatementSync;

  constructor({ file, topics, onDiscard }: ViewStoreOptions) {
    this.#topics = topics;
    this.database = openDatabase({ file, tables, identity: JSON.stringify([layoutVersion, ...topics.ids]), onDiscard });
    this.id = this.#readOrMakeId();
    this.#insertOrder = this.database.prepare('INSERT OR IGNORE INTO orders VALUES (?, ?, ?, ?, ?, ?)');
    this.#insertOutcome = this.database.prepare('INSERT OR IGNORE INTO outcomes VALUES (?, ?, ?, ?)');
    this.#insertOddity = this.database.prepare('INSERT OR IGNORE INTO oddities VALUES (?, ?, ?, ?, ?)');
    this.#orderFailed = this.database.prepare('SELECT failed FROM orders WHERE order_id = ?');
    this.#firstOfId = this.database.prepare('SELECT partition, offset, contents FROM orders WHERE order_id = ?');
    this.#outcomeAction = this.database.prepare('SELECT action FROM outcomes WHERE order_id = ?');
    this.#setPosition = this.database.prepare('INSERT OR REPLACE INTO positions VALUES (?, ?, ?)');
  }

  /** Everything that `work` writes is kept, or nothing of it. */
  inTransaction<T>(work: () => T): T {
    return inTransaction(this.database, work);
  }

  addOrder(order: OrderPlaced, place: Place): Fact {
    const createdAtMs = Date.parse(order.createdAt);
    const failed = order.status === 'failed';
    const contents = orderContents(order);
    const { changes } = this.#insertOrder.run(order.orderId, place.partition, place.offset, createdAtMs, failed ? 1 : 0, contents);
    if (changes === 0) return this.#addDuplicate(order.orderId, contents, place);
    const failsOrder = failed && this.#outcomeAction.get(order.orderId)?.action !== 'reject';
    return { kind: 'order', createdAtMs, minute: minuteOf(order.createdAt), failsOrder };
  }

  addOutcome({ orderId, action }: InventoryEvent, place: Place): Fact {
    const { changes } = this.#insertOutcome.run(orderId, place.partition, place.offset, action);
    if (changes === 0) return this.#addOddity(place, 'repeated-outcome');
    return { kind: 'outcome', action, failsOrder: action === 'reject' && this.#orderFailed.get(orderId)?.failed !== 1 };
  }

  addDeadLetter(place: Place): Fact {
    return this.#addOddity(place, 'dead-letter');
  }

  setPositions(positions: readonly TopicPartitionOffset[]): void {
    for (const { topic, partition, offset } of positions) this.#setPosition.run(topic, partition, offset);
  }

  /** @returns the next offset to read of each partition that anything is stored of */
  positions(): TopicPartitionOffset[] {
    return this.#rows<TopicPartitionOffset>('SELECT topic, partition, offset FROM positions ORDER BY topic, partition');
  }

  position({ topic, partition }: TopicPartition): number | undefined {
    return this.positions().find((one) => one.topic === topic && one.partition === partition)?.offset;
  }

  /** Takes back what was taken from each partition at or after its offset, and reads on from there. Call within a transaction. */
  rewind(offsets: readonly TopicPartitionOffset[]): void {
    for (const topic of new Set(offsets.map((one) => one.topic))) {
      const table = topic === this.#topics.orders ? 'orders' : 'outcomes';
      const ofTopic = offsets.filter((one) => one.topic === topic);
      if (this.#isEverything(topic, ofTopic)) this.database.exec(`DELETE FROM ${table}`);
      else {
        const takeBack = this.database.prepare(`DELETE FROM ${table} WHERE partition = ? AND offset >= ?`);
        for (const { partition, offset } of ofTopic) takeBack.run(partition, offset);
      }
    }
    const takeBack = this.database.prepare('DELETE FROM oddities WHERE topic = ? AND partition = ? AND offset >= ?');
    for (const { topic, partition, offset } of offsets) takeBack.run(topic, partition, offset);
    this.setPositions(offsets);
  }

  /**
   * Computes the view from the rows.
   * @param nowMs epoch milliseconds; seconds long before it are left out of `bySecond`
   */
  loadView(nowMs: number): View {
    const view = emptyView();
    for (const { minute, orders } of this.#rows<{ minute: number; orders: number }>(ordersByMinute)) {
      view.byMinute.add(minuteOf(new Date(minute).toISOString()), orders);
      view.orders += orders;
    }
    const since = nowMs - recentSeconds * 1000;
    const seconds = `SELECT created_ms / 1000 AS second, count(*) AS orders FROM orders WHERE created_ms > ${since} GROUP BY 1`;
    for (const { second, orders } of this.#rows<{ second: number; orders: number }>(seconds)) view.bySecond.set(second, orders);
    view.reserved = this.#count("outcomes WHERE action = 'reserve'");
    view.rejected = this.#count("outcomes WHERE action = 'reject'");
    view.released = this.#count("outcomes WHERE action = 'release'");
    const both = this.#count("orders JOIN outcomes USING (order_id) WHERE failed = 1 AND action = 'reject'");
    view.failedOrders = this.#count('orders WHERE failed = 1') + view.rejected - both;
    view.conflictingOrders = this.#count("oddities WHERE kind = 'conflicting-order'");
    view.conflicts = this.#lastConflicts();
    view.duplicateOrders = this.#count("oddities WHERE kind = 'duplicate-order'") + view.conflictingOrders;
    view.repeatedOutcomes = this.#count("oddities WHERE kind = 'repeated-outcome'");
    view.deadLetters = this.#count("oddities WHERE kind = 'dead-letter'");
    return view;
  }

  [Symbol.dispose](): void {
    this.database.close();
  }

  /** A table without a condition is emptied at once; a million rows one by one take seconds (sqlite.org/lang_delete.html). */
  #isEverything(topic: string, offsets: readonly TopicPartitionOffset[]): boolean {
    const stored = this.positions().filter((one) => one.topic === topic);
    return stored.every(({ partition }) => offsets.some((one) => one.partition === partition && one.offset === 0));
  }

  #addDuplicate(orderId: string, contents: number, other: Place): Fact {
    const { partition, offset, ...first } = this.#firstOfId.get(orderId) as { partition: number; offset: number; contents: number };
    if (first.contents === contents) return this.#addOddity(other, 'duplicate-order');
    this.#insertOddity.run(other.topic, other.partition, other.offset, 'conflicting-order', orderId);
    return { kind: 'conflicting-order', orderId, first: { topic: other.topic, partition, offset }, other };
  }

  #addOddity({ topic, partition, offset }: Place, kind: 'duplicate-order' | 'repeated-outcome' | 'dead-letter'): Fact {
    this.#insertOddity.run(topic, partition, offset, kind, null);
    return { kind };
  }

  /** The conflicts furthest in the log, last of all the furthest. */
  #lastConflicts(): View['conflicts'] {
    type Row = { topic: string; partition: number; offset: number; order_id: string; first_partition: number; first_offset: number };
    const rows = this.#rows<Row>(`
      SELECT topic, oddities.partition, oddities.offset, order_id, orders.partition AS first_partition, orders.offset AS first_offset
      FROM oddities JOIN orders USING (order_id) WHERE kind = 'conflicting-order'
      ORDER BY oddities.offset DESC LIMIT ${keptConflicts}`);
    return rows.reverse().map(({ topic, partition, offset, order_id, first_partition, first_offset }) => ({
      orderId: order_id,
      first: { topic, partition: first_partition, offset: first_offset },
      other: { topic, partition, offset },
    }));
  }

  #readOrMakeId(): string {
    const stored = this.database.prepare('SELECT id FROM store').get()?.id;
    if (typeof stored === 'string') return stored;
    const id = randomUUID();
    this.database.prepare('INSERT INTO store VALUES (?)').run(id);
    return id;
  }

  #rows<Row>(query: string): Row[] {
    return this.database.prepare(query).all() as unknown as Row[];
  }

  #count(from: string): number {
    return this.#rows<{ n: number }>(`SELECT count(*) AS n FROM ${from}`)[0]?.n ?? 0;
  }
}

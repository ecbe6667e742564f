/** The view's state in SQLite: one row per order and per decision, with where it came from, and the position in the log. */
import { randomUUID } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';
import type { TopicPartition, TopicPartitionOffset } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { partitionKey } from '../../kafka/partition.ts';
import { minuteOf } from '../../kafka/record/event-time.ts';
import type { InventoryEvent } from '../events/inventory-event.ts';
import { orderContents } from '../events/order-contents.ts';
import type { OrderPlaced } from '../events/order-placed.ts';
import { inTransaction, openDatabase, type StateDatabase } from '../state/open-database.ts';
import { hourOf } from './part.ts';
import { namesOfSumTables, PendingTallies, RunningSums, sumTables } from './running-sums.ts';
import { count, noSums, sumNames } from './tally.ts';
import { emptyView, type Fact, keptConflicts, type Place, type View } from './view.ts';

const layoutVersion = 3;
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
  CREATE TABLE IF NOT EXISTS readings (partition INTEGER PRIMARY KEY, reading TEXT NOT NULL);
  ${sumTables}`;

/** What an answer is made of: small, however many orders there are. */
const answering = ['identity', 'store', 'positions', 'readings', ...namesOfSumTables];

export type ViewStoreOptions = {
  file: string;
  /** The two topics with their ids: a topic made anew is another log. */
  topics: { orders: string; inventory: string; ids: string[] };
  onDiscard: (why: string) => void;
};

export class ViewStore implements Disposable {
  /** Tells this store from any other; stands in the metadata of its offset commits. */
  readonly id: string;
  readonly database: StateDatabase;
  readonly sums: RunningSums;
  readonly #pending = new PendingTallies();
  readonly #readings: Map<number, string>;
  readonly #changedHours = new Map<number, Set<number>>();
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
    const identity = JSON.stringify([layoutVersion, ...topics.ids]);
    this.database = openDatabase({ file, tables, identity, onDiscard, small: answering });
    this.id = this.#readOrMakeId();
    this.sums = new RunningSums(this.database);
    const readings = this.#rows<{ partition: number; reading: string }>('SELECT partition, reading FROM readings');
    this.#readings = new Map(readings.map(({ partition, reading }) => [partition, reading]));
    this.#insertOrder = this.database.prepare('INSERT OR IGNORE INTO orders VALUES (?, ?, ?, ?, ?, ?)');
    this.#insertOutcome = this.database.prepare('INSERT OR IGNORE INTO outcomes VALUES (?, ?, ?, ?)');
    this.#insertOddity = this.database.prepare('INSERT OR IGNORE INTO oddities VALUES (?, ?, ?, ?, ?)');
    this.#orderFailed = this.database.prepare('SELECT failed FROM orders WHERE order_id = ?');
    this.#firstOfId = this.database.prepare('SELECT partition, offset, contents FROM orders WHERE order_id = ?');
    this.#outcomeAction = this.database.prepare('SELECT action FROM outcomes WHERE order_id = ?');
    this.#setPosition = this.database.prepare('INSERT OR REPLACE INTO positions VALUES (?, ?, ?)');
  }

  /** Settles when all rows are known to be whole: nothing may be taken before. Rejects where they are not, see `StateDatabase.checked`. */
  get checked(): Promise<void> {
    return this.database.checked;
  }

  /** Everything that `work` writes is kept, or nothing of it. */
  inTransaction<T>(work: () => T): T {
    try {
      return inTransaction(this.database, () => {
        const result = work();
        this.#keepSums();
        return result;
      });
    } finally {
      this.#pending.take();
    }
  }

  addOrder(order: OrderPlaced, place: Place): Fact {
    const createdAtMs = Date.parse(order.createdAt);
    const failed = order.status === 'failed';
    const contents = orderContents(order);
    const { changes } = this.#insertOrder.run(order.orderId, place.partition, place.offset, createdAtMs, failed ? 1 : 0, contents);
    if (changes === 0) return this.#addDuplicate(order.orderId, contents, place);
    const failsOrder = failed && this.#outcomeAction.get(order.orderId)?.action !== 'reject';
    return this.#counted(place, { kind: 'order', createdAtMs, minute: minuteOf(order.createdAt), failsOrder });
  }

  addOutcome({ orderId, action }: InventoryEvent, place: Place): Fact {
    const { changes } = this.#insertOutcome.run(orderId, place.partition, place.offset, action);
    if (changes === 0) return this.#addOddity(place, 'repeated-outcome');
    const failsOrder = action === 'reject' && this.#orderFailed.get(orderId)?.failed !== 1;
    return this.#counted(place, { kind: 'outcome', action, failsOrder });
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

  /** Of each partition which reading of the log its rows are of: a reset or a replay begins another one. */
  get readings(): ReadonlyMap<number, string> {
    return this.#readings;
  }

  /** Call within the transaction that takes rows back. */
  setReading(partition: number, reading: string): void {
    this.database.prepare('INSERT OR REPLACE INTO readings VALUES (?, ?)').run(partition, reading);
    this.#readings.set(partition, reading);
  }

  /** @returns the hours since 1970 in which orders of a partition were counted since this was asked last */
  takeChangedHours(partition: number): number[] {
    const hours = [...(this.#changedHours.get(partition) ?? [])];
    this.#changedHours.delete(partition);
    return hours;
  }

  /** @returns the conflicts furthest in the log, of one partition or of all, last of all the furthest */
  lastConflicts(partition?: number): View['conflicts'] {
    type Row = { topic: string; partition: number; offset: number; order_id: string; first_partition: number; first_offset: number };
    const rows = this.#rows<Row>(`
      SELECT topic, oddities.partition, oddities.offset, order_id, orders.partition AS first_partition, orders.offset AS first_offset
      FROM oddities JOIN orders USING (order_id)
      WHERE kind = 'conflicting-order' ${partition === undefined ? '' : `AND oddities.partition = ${partition}`}
      ORDER BY oddities.offset DESC LIMIT ${keptConflicts}`);
    return rows.reverse().map(({ topic, partition, offset, order_id, first_partition, first_offset }) => ({
      orderId: order_id,
      first: { topic, partition: first_partition, offset: first_offset },
      other: { topic, partition, offset },
    }));
  }

  position({ topic, partition }: TopicPartition): number | undefined {
    return this.positions().find((one) => one.topic === topic && one.partition === partition)?.offset;
  }

  /** Takes back what was taken from each partition at or after its offset, and reads on from there. Call within a transaction. */
  rewind(offsets: readonly TopicPartitionOffset[]): void {
    const stored = new Map(this.positions().map((position) => [partitionKey(position), position.offset]));
    const isHeld = (one: TopicPartitionOffset): boolean => one.offset < (stored.get(partitionKey(one)) ?? 0);
    if (offsets.some(isHeld)) this.#takeBack(offsets);
    this.setPositions(offsets);
  }

  #takeBack(offsets: readonly TopicPartitionOffset[]): void {
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
    this.#pending.take();
    this.sums.addUp(Date.now());
  }

  /**
   * @param nowMs epoch milliseconds; seconds long before it are left out of `bySecond`
   * @returns the view, as the sums over the rows have it
   */
  loadView(nowMs: number): View {
    this.#keepSums();
    const total = noSums();
    for (const sums of this.sums.sums().values()) for (const name of sumNames) total[name] += sums[name];
    const { minuteCheck: _, ...figures } = total;
    const view: View = { ...emptyView(), ...figures, conflicts: this.lastConflicts() };
    for (const [minute, orders] of this.sums.minutes()) view.byMinute.add(minuteOf(new Date(minute * 60_000).toISOString()), orders);
    for (const [second, orders] of this.sums.seconds(nowMs)) view.bySecond.set(second, orders);
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
    return this.#counted(other, { kind: 'conflicting-order', orderId, first: { topic: other.topic, partition, offset }, other });
  }

  #addOddity(place: Place, kind: 'duplicate-order' | 'repeated-outcome' | 'dead-letter'): Fact {
    this.#insertOddity.run(place.topic, place.partition, place.offset, kind, null);
    return this.#counted(place, { kind });
  }

  #counted({ partition }: Place, fact: Fact): Fact {
    count(this.#pending.of(partition), fact);
    return fact;
  }

  #keepSums(): void {
    const now = Date.now();
    for (const [partition, tally] of this.#pending.take()) {
      this.sums.add(partition, tally, now);
      const changed = this.#changedHours.get(partition) ?? new Set<number>();
      this.#changedHours.set(partition, changed);
      for (const minute of tally.minutes.keys()) changed.add(hourOf(minute));
    }
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
}

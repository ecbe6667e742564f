/** Sums by partition, kept in the view's database in the transaction of the rows that they are of. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { emptyTally, minuteCheck, noSums, type Sums, sumNames, type Tally } from './tally.ts';
import { outcomeField, recentSeconds } from './view.ts';

const columns = sumNames.join(', ');
const places = sumNames.map(() => '?').join(', ');

export const sumTables = `
  CREATE TABLE IF NOT EXISTS sums (partition INTEGER PRIMARY KEY, ${sumNames.map((name) => `${name} INTEGER NOT NULL`).join(', ')});
  CREATE TABLE IF NOT EXISTS minutes (partition INTEGER, minute INTEGER, orders INTEGER NOT NULL, PRIMARY KEY (partition, minute)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS seconds (second INTEGER, partition INTEGER, orders INTEGER NOT NULL, PRIMARY KEY (second, partition)) WITHOUT ROWID`;

export const namesOfSumTables = ['sums', 'minutes', 'seconds'] as const;

/** Rounds down before 1970 too, where SQLite's division rounds up. */
const floored = (unitMs: number): string => `(created_ms - ((created_ms % ${unitMs}) + ${unitMs}) % ${unitMs}) / ${unitMs}`;

export class RunningSums {
  readonly #database: DatabaseSync;
  readonly #addSums: StatementSync;
  readonly #addMinute: StatementSync;
  readonly #addSecond: StatementSync;
  readonly #forgetSeconds: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    const added = sumNames.map((name) => `${name} = ${name} + excluded.${name}`).join(', ');
    this.#addSums = database.prepare(`INSERT INTO sums (partition, ${columns}) VALUES (?, ${places}) ON CONFLICT DO UPDATE SET ${added}`);
    const more = 'ON CONFLICT DO UPDATE SET orders = orders + excluded.orders';
    this.#addMinute = database.prepare(`INSERT INTO minutes (partition, minute, orders) VALUES (?, ?, ?) ${more}`);
    this.#addSecond = database.prepare(`INSERT INTO seconds (partition, second, orders) VALUES (?, ?, ?) ${more}`);
    this.#forgetSeconds = database.prepare('DELETE FROM seconds WHERE second <= ?');
  }

  /**
   * Call within the transaction of the rows.
   * @param nowMs epoch milliseconds: seconds long before it are of no use
   */
  add(partition: number, { sums, minutes, seconds }: Tally, nowMs: number): void {
    this.#addSums.run(partition, ...sumNames.map((name) => sums[name]));
    for (const [minute, orders] of minutes) this.#addMinute.run(partition, minute, orders);
    const since = Math.floor(nowMs / 1000) - recentSeconds;
    for (const [second, orders] of seconds) if (second > since) this.#addSecond.run(partition, second, orders);
    this.#forgetSeconds.run(since);
  }

  /** Adds all rows up anew: when rows were taken back. Call within that transaction. */
  addUp(nowMs: number): void {
    this.#database.exec('DELETE FROM sums; DELETE FROM minutes; DELETE FROM seconds');
    const since = nowMs - recentSeconds * 1000;
    const insert = (table: string, unit: string, unitMs: number, where = '') =>
      this.#database.exec(
        `INSERT INTO ${table} (partition, ${unit}, orders) SELECT partition, ${floored(unitMs)}, count(*) FROM orders ${where} GROUP BY 1, 2`,
      );
    insert('minutes', 'minute', 60_000);
    insert('seconds', 'second', 1000, `WHERE created_ms > ${since}`);
    for (const [partition, sums] of this.#sumsOfRows()) this.#addSums.run(partition, ...sumNames.map((name) => sums[name]));
  }

  /** @returns the sums by partition */
  sums(): Map<number, Sums> {
    const rows = this.#database.prepare(`SELECT partition, ${columns} FROM sums`).all() as ({ partition: number } & Sums)[];
    return new Map(rows.map(({ partition, ...sums }) => [partition, sums]));
  }

  /** @returns orders by minute since 1970, of one partition or all of them, from a minute on where one is given */
  minutes({ partition, from, to }: { partition?: number; from?: number; to?: number } = {}): Iterable<[minute: number, orders: number]> {
    const range = `${from === undefined ? '' : ` AND minute >= ${from}`}${to === undefined ? '' : ` AND minute < ${to}`}`;
    const which = partition === undefined ? 'true' : `partition = ${partition}`;
    const query = `SELECT minute, sum(orders) AS orders FROM minutes WHERE ${which}${range} GROUP BY 1 ORDER BY 1`;
    return (this.#database.prepare(query).all() as { minute: number; orders: number }[]).map(({ minute, orders }) => [minute, orders]);
  }

  /** @returns orders by second since 1970, of one partition or all of them: the recent ones, and those to come */
  seconds(nowMs: number, partition?: number): [second: number, orders: number][] {
    const which = partition === undefined ? 'true' : `partition = ${partition}`;
    const query = `SELECT second, sum(orders) AS orders FROM seconds WHERE ${which} AND second > ${Math.floor(nowMs / 1000) - recentSeconds} GROUP BY 1`;
    return (this.#database.prepare(query).all() as { second: number; orders: number }[]).map(({ second, orders }) => [second, orders]);
  }

  #sumsOfRows(): Map<number, Sums> {
    const found = new Map<number, Sums>();
    const of = (partition: number): Sums => {
      const sums = found.get(partition) ?? noSums();
      found.set(partition, sums);
      return sums;
    };
    type Row = { partition: number; n: number };
    const rows = <T extends Row>(query: string): T[] => this.#database.prepare(query).all() as unknown as T[];
    for (const { partition, n, failed } of rows<Row & { failed: number }>(
      'SELECT partition, count(*) AS n, sum(failed) AS failed FROM orders GROUP BY 1',
    )) {
      of(partition).orders += n;
      of(partition).failedOrders += failed;
    }
    for (const { partition, n, minute } of rows<Row & { minute: number }>('SELECT partition, orders AS n, minute FROM minutes')) {
      of(partition).minuteCheck += minuteCheck(minute, n);
    }
    for (const { partition, n, action } of rows<Row & { action: keyof typeof outcomeField }>(
      'SELECT partition, action, count(*) AS n FROM outcomes GROUP BY 1, 2',
    )) {
      of(partition)[outcomeField[action]] += n;
    }
    // An order that arrived failed and was rejected counts once, with the order.
    for (const { partition, n } of rows(
      `SELECT outcomes.partition, count(*) AS n FROM outcomes LEFT JOIN orders USING (order_id)
       WHERE action = 'reject' AND ifnull(failed, 0) = 0 GROUP BY 1`,
    )) {
      of(partition).failedOrders += n;
    }
    for (const { partition, n, kind } of rows<Row & { kind: string }>(
      'SELECT partition, kind, count(*) AS n FROM oddities GROUP BY 1, 2',
    )) {
      if (kind === 'dead-letter') of(partition).deadLetters += n;
      else if (kind === 'repeated-outcome') of(partition).repeatedOutcomes += n;
      else of(partition).duplicateOrders += n;
      if (kind === 'conflicting-order') of(partition).conflictingOrders += n;
    }
    return found;
  }
}

/** What was counted and is not in the database yet. */
export class PendingTallies {
  readonly #tallies = new Map<number, Tally>();

  of(partition: number): Tally {
    const tally = this.#tallies.get(partition) ?? emptyTally();
    this.#tallies.set(partition, tally);
    return tally;
  }

  /** Gives all of them, and forgets them. */
  take(): [partition: number, tally: Tally][] {
    const taken = [...this.#tallies];
    this.#tallies.clear();
    return taken;
  }
}

/** The books over a stretch of the log: fed with records in any order of partitions, closed into totals and findings. */
import { bookingOf, decisionTypes, type Entry, type LedgerTopics, type ReadRecord } from './entry.ts';
import { type Conflict, type Finding, findingKinds, judge, type Stretch } from './judge-order.ts';
import { LedgerSpill } from './spill.ts';

export type Totals = {
  /** Records of the orders topic: orders + duplicates + unreadable. */
  records: number;
  /** Different order ids: decided + in flight + dead-lettered ones + missing + out of reach. */
  orders: number;
  /** Order records beyond the first of their id. */
  duplicates: number;
  /** Those of them that ask for something else than the first. */
  conflicting: number;
  /** Records that are no order. */
  unreadable: number;
  /** Orders with a decision. */
  decided: number;
  /** Records of the inventory topic that are decisions, and by event type. */
  decisions: number;
  byType: Record<string, number>;
  /** Records of the inventory topic that are none. */
  unreadableDecisions: number;
  /** Records of the orders topic that lie in its dead-letter topic. */
  deadLettered: number;
  /** Records that inventory-service has not reached yet. */
  inFlight: number;
  /** What cannot be told any more, since one of the two records is deleted. */
  outOfReach: number;
  /** By kind, how many ids. */
  found: Record<Finding['kind'], number>;
};

/** Where a stretch of a partition begins, and up to where inventory has committed. */
export type Bounds = { partition: number; from: number; committed: number; decisionsDeleted: boolean };

/** Every `of`th bucket of ids, from `index` on (from 0). */
export type Part = { index: number; of: number };

const countedInVerdicts = ['orders', 'duplicates', 'unreadable', 'decided', 'deadLettered', 'inFlight', 'outOfReach'] as const;

const noFindings = (): Totals['found'] => Object.fromEntries(Object.keys(findingKinds).map((kind) => [kind, 0])) as Totals['found'];

/** What is counted as records come in, beside the entries in the spill. */
export type Tally = Pick<Totals, 'records' | 'decisions' | 'byType' | 'unreadableDecisions'> & {
  /** By partition: behind the last order that a decision or a letter is about; the first one that a decision is about. */
  decidedTo: Map<number, number>;
  decidedFrom: Map<number, number>;
};

export class LedgerBooks implements Disposable {
  readonly #topics: LedgerTopics;
  readonly #spill: LedgerSpill;
  readonly #folders: string[] = [];
  readonly #tally: Tally = { records: 0, decisions: 0, byType: {}, unreadableDecisions: 0, decidedTo: new Map(), decidedFrom: new Map() };

  /**
   * @param topics how they are called
   * @param expected how many records there will be, about: memory is planned by it
   * @param folder for a share that is handed over: see `handOver`
   */
  constructor(topics: LedgerTopics, expected: number, folder?: string) {
    this.#topics = topics;
    this.#spill = new LedgerSpill(expected, folder);
  }

  /** @param record of the orders topic, its dead-letter topic, or the inventory topic */
  add(record: ReadRecord): void {
    const tally = this.#tally;
    const booking = bookingOf(record, this.#topics);
    if (record.topic === this.#topics.orders) tally.records += 1;
    if (booking === 'unreadable-decision') tally.unreadableDecisions += 1;
    if (typeof booking === 'string') return;
    const { id, entry } = booking;
    if (entry.kind === 'decision') this.#countDecision(entry);
    if (entry.kind === 'decision' || entry.kind === 'letter') raise(tally.decidedTo, entry.sourcePartition, entry.sourceOffset + 1);
    this.#spill.add(id, entry);
  }

  /** @returns what was counted; all entries are in the folder then, and another process can take this share over */
  handOver(): Tally {
    this.#spill.flush();
    return this.#tally;
  }

  /**
   * Adds the share that another process has read, of books for the same number of records.
   * @param share what its `handOver` returned
   * @param folder where its entries are, until these books are closed
   */
  takeOver(share: Tally, folder: string): void {
    const tally = this.#tally;
    tally.records += share.records;
    tally.decisions += share.decisions;
    tally.unreadableDecisions += share.unreadableDecisions;
    for (const [type, count] of Object.entries(share.byType)) tally.byType[type] = (tally.byType[type] ?? 0) + count;
    for (const [partition, offset] of share.decidedTo) raise(tally.decidedTo, partition, offset);
    for (const [partition, offset] of share.decidedFrom) lower(tally.decidedFrom, partition, offset);
    this.#folders.push(folder);
  }

  /**
   * @param bounds one per partition of the orders topic
   * @param onFinding told of every id that is not in order
   * @param onConflict told of every order that asks for something else than the first of its id, which is in order
   * @param part which ids are judged
   * @returns the totals: of records all, of ids those of the part
   */
  close(
    bounds: readonly Bounds[],
    onFinding: (finding: Finding) => void,
    onConflict: (conflict: Conflict) => void = () => {},
    part: Part = { index: 0, of: 1 },
  ): Totals {
    const stretches = new Map(bounds.map((one) => [one.partition, this.#stretch(one)]));
    const { records, decisions, byType, unreadableDecisions } = this.#tally;
    const judged = { orders: 0, duplicates: 0, conflicting: 0, unreadable: 0, decided: 0, deadLettered: 0, inFlight: 0, outOfReach: 0 };
    const found = noFindings();
    for (const group of this.#spill.groupsWith(this.#folders, part)) {
      const verdict = judge(group, stretches, this.#topics);
      for (const name of countedInVerdicts) judged[name] += verdict[name];
      judged.conflicting += verdict.conflicts.length;
      for (const conflict of verdict.conflicts) onConflict(conflict);
      for (const finding of verdict.findings) {
        found[finding.kind] += 1;
        onFinding(finding);
      }
    }
    return { records, decisions, byType, unreadableDecisions, ...judged, found };
  }

  [Symbol.dispose](): void {
    this.#spill[Symbol.dispose]();
  }

  #countDecision({ type, sourcePartition, sourceOffset }: Entry): void {
    const { byType, decidedFrom } = this.#tally;
    this.#tally.decisions += 1;
    const name = decisionTypes[type] as string;
    byType[name] = (byType[name] ?? 0) + 1;
    lower(decidedFrom, sourcePartition, sourceOffset);
  }

  /** Inventory goes through a partition in its order: behind a decision, everything before it is handled, whatever was committed. */
  #stretch({ partition, from, committed, decisionsDeleted }: Bounds): Stretch {
    const { decidedTo, decidedFrom } = this.#tally;
    const handledTo = Math.max(committed, decidedTo.get(partition) ?? 0);
    return { from, handledTo, decisionsFrom: decisionsDeleted ? (decidedFrom.get(partition) ?? handledTo) : 0 };
  }
}

/**
 * @param parts totals of all parts of the same books
 * @returns the totals of the whole
 */
export function sumParts([first, ...others]: readonly [Totals, ...Totals[]]): Totals {
  const { records, decisions, byType, unreadableDecisions, found, ...judged } = structuredClone(first);
  for (const other of others) {
    for (const name of Object.keys(judged) as (keyof typeof judged)[]) judged[name] += other[name];
    for (const kind of Object.keys(found) as (keyof typeof found)[]) found[kind] += other.found[kind];
  }
  return { records, decisions, byType, unreadableDecisions, ...judged, found };
}

const raise = (offsets: Map<number, number>, partition: number, offset: number): unknown =>
  offsets.set(partition, Math.max(offsets.get(partition) ?? 0, offset));
const lower = (offsets: Map<number, number>, partition: number, offset: number): unknown =>
  offsets.set(partition, Math.min(offsets.get(partition) ?? Number.POSITIVE_INFINITY, offset));

/** The books over a stretch of the log: fed with records in any order of partitions, closed into totals and findings. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { deadLetterTopic } from '../../events/topics.ts';
import { partitionKey } from '../partition.ts';
import { bookingOf, decisionTypes, type Entry, type LedgerTopics } from './entry.ts';
import { type Finding, findingKinds, judge, type Stretch } from './judge.ts';
import { LedgerSpill } from './spill.ts';

export type Totals = {
  /** Records of the orders topic: orders + duplicates + unreadable. */
  records: number;
  /** Different order ids: decided + in flight + dead-lettered ones + missing + out of reach. */
  orders: number;
  /** Order records beyond the first of their id. */
  duplicates: number;
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

const noFindings = (): Totals['found'] => Object.fromEntries(Object.keys(findingKinds).map((kind) => [kind, 0])) as Totals['found'];

export class LedgerBooks implements Disposable {
  readonly #topics: LedgerTopics;
  readonly #spill: LedgerSpill;
  /** By partition: behind the last order that a decision or a letter is about; the first one that a decision is about. */
  readonly #decidedTo = new Map<number, number>();
  readonly #decidedFrom = new Map<number, number>();
  readonly #totals: Totals = {
    records: 0,
    orders: 0,
    duplicates: 0,
    unreadable: 0,
    decided: 0,
    decisions: 0,
    byType: {},
    unreadableDecisions: 0,
    deadLettered: 0,
    inFlight: 0,
    outOfReach: 0,
    found: noFindings(),
  };

  /**
   * @param topics how they are called
   * @param expected how many records there will be, about: memory is planned by it
   */
  constructor(topics: LedgerTopics, expected: number) {
    this.#topics = topics;
    this.#spill = new LedgerSpill(expected);
  }

  /** @param record of the orders topic, its dead-letter topic, or the inventory topic */
  add(record: Pick<Message, 'topic' | 'partition' | 'offset' | 'key' | 'value' | 'headers'>): void {
    const booking = bookingOf(record, this.#topics);
    if (record.topic === this.#topics.orders) this.#totals.records += 1;
    if (booking === 'unreadable-decision') this.#totals.unreadableDecisions += 1;
    if (typeof booking === 'string') return;
    const { id, entry } = booking;
    if (entry.kind === 'decision') this.#countDecision(entry);
    if (entry.kind === 'decision' || entry.kind === 'letter') {
      const { sourcePartition: partition, sourceOffset } = entry;
      this.#decidedTo.set(partition, Math.max(this.#decidedTo.get(partition) ?? 0, sourceOffset + 1));
    }
    this.#spill.add(id, entry);
  }

  /**
   * @param bounds one per partition of the orders topic
   * @param onFinding told of every id that is not in order
   * @returns the totals; the books are empty afterwards
   */
  close(bounds: readonly Bounds[], onFinding: (finding: Finding) => void): Totals {
    const stretches = new Map(bounds.map((one) => [partitionKey({ topic: this.#topics.orders, ...one }), this.#stretch(one)]));
    const totals = this.#totals;
    for (const group of this.#spill.groups()) {
      const { findings, ...counts } = judge(group, stretches, this.#topics);
      for (const [name, count] of Object.entries(counts)) totals[name as keyof typeof counts] += count;
      for (const finding of findings) {
        totals.found[finding.kind] += 1;
        onFinding(finding);
      }
    }
    return totals;
  }

  [Symbol.dispose](): void {
    this.#spill[Symbol.dispose]();
  }

  #countDecision({ type, sourcePartition: partition, sourceOffset }: Entry): void {
    this.#totals.decisions += 1;
    const name = decisionTypes[type] as string;
    this.#totals.byType[name] = (this.#totals.byType[name] ?? 0) + 1;
    this.#decidedFrom.set(partition, Math.min(this.#decidedFrom.get(partition) ?? Number.POSITIVE_INFINITY, sourceOffset));
  }

  /** Inventory goes through a partition in its order: behind a decision, everything before it is handled, whatever was committed. */
  #stretch({ partition, from, committed, decisionsDeleted }: Bounds): Stretch {
    const handledTo = Math.max(committed, this.#decidedTo.get(partition) ?? 0);
    return { from, handledTo, decisionsFrom: decisionsDeleted ? (this.#decidedFrom.get(partition) ?? handledTo) : 0 };
  }
}

/** @returns the topics that the books are made of; in this order their ends are asked for */
export const ledgerTopicNames = ({ orders, inventory }: LedgerTopics): string[] => [deadLetterTopic(orders), inventory, orders];

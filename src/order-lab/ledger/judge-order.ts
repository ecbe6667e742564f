/** The judgement on one order id: what the log holds of it, and what is wrong with that. Pure. */
import type { Entry, LedgerTopics } from './entry.ts';
import type { Group } from './spill.ts';

/** What can be wrong, in the words of the report. */
export const findingKinds = {
  missing: 'neither decided nor dead-lettered, though inventory-service is past it',
  'decided-twice': 'more than one decision',
  'no-order': 'a decision without an order',
  'wrong-source': 'a decision whose source is no record of its order: it was there before its order',
  'out-of-order': 'decided on a later record of its id than the first',
  'created-at-differs': 'the decision has another createdAt than its order',
} as const;

/** The records that show it, and no more: orders before decisions; `source` is a place that a decision names, whatever is there. */
export type HistoryRecord = Place & { what: 'order' | 'decision' | 'source' };

export type Finding = Place & { kind: keyof typeof findingKinds; id: string; records: HistoryRecord[] };

/** An order under an id that was there before, which asks for something else: the first one was decided on, or will be. */
export type Conflict = Place & { id: string; first: Place };
type Place = { topic: string; partition: number; offset: number };

/** What is known of one partition of the orders topic. */
export type Stretch = {
  /** First offset that was read. */
  from: number;
  /** Inventory is past every record before this offset. */
  handledTo: number;
  /** Orders before this offset may have had decisions that are deleted from the inventory topic by now. */
  decisionsFrom: number;
};

export type Verdict = {
  /** 1 where there is a readable order, else 0. */
  orders: number;
  duplicates: number;
  unreadable: number;
  decided: number;
  deadLettered: number;
  inFlight: number;
  /** Decided so long ago that the decision is deleted, or decided with the order deleted. */
  outOfReach: number;
  findings: Finding[];
  /** Those of the duplicates that ask for something else than the first. */
  conflicts: Conflict[];
};

/**
 * @param group all entries of one id
 * @param stretches by the partition of the orders topic
 * @param topics for the names in the findings
 */
export function judge({ id, entries }: Group, stretches: ReadonlyMap<number, Stretch>, topics: LedgerTopics): Verdict {
  if (isDecidedOnce(entries, stretches)) return decidedOnce;
  const of = (kind: Entry['kind']): Entry[] => entries.filter((entry) => entry.kind === kind);
  const [orders, decisions, letters, garbage] = [of('order'), of('decision'), of('letter'), of('garbage')];
  const verdict = {
    orders: 0,
    duplicates: 0,
    unreadable: garbage.length,
    decided: 0,
    deadLettered: 0,
    inFlight: 0,
    outOfReach: 0,
    findings: [],
    conflicts: conflictsIn(orders, decisions[0], id, topics.orders),
  };
  const books: Books = { id, verdict, stretches, topics };
  const [first] = orders.length > 0 ? orders : garbage;
  if (!first) judgeOrphans(decisions, books);
  else if (decisions.length > 0) judgeDecisions(orders, decisions, books);
  else judgeUndecided(first, orders.length > 0 ? orders : garbage, letters, books);
  if (orders.length > 0) Object.assign(verdict, { orders: 1, duplicates: orders.length - 1 });
  return verdict;
}

/** What nearly all ids come to. */
const decidedOnce: Readonly<Verdict> = {
  orders: 1,
  duplicates: 0,
  unreadable: 0,
  decided: 1,
  deadLettered: 0,
  inFlight: 0,
  outOfReach: 0,
  findings: [],
  conflicts: [],
};

/** The short way for nearly all ids: one order and the decision on it. */
function isDecidedOnce(entries: readonly Entry[], stretches: ReadonlyMap<number, Stretch>): boolean {
  const [one, other, more] = entries;
  if (!one || !other || more) return false;
  const [order, decision] = one.kind === 'order' ? [one, other] : [other, one];
  return (
    order.kind === 'order' &&
    decision.kind === 'decision' &&
    decision.sourceOffset === order.offset &&
    decision.sourcePartition === order.partition &&
    decision.partition === order.partition &&
    decision.createdAtMs === order.createdAtMs &&
    !isBefore(decision, stretches)
  );
}

function conflictsIn(orders: readonly Entry[], decision: Entry | undefined, id: Buffer, topic: string): Conflict[] {
  const [earliest, again] = orders;
  if (!earliest || !again) return [];
  const source = orders.find((order) => order.partition === decision?.sourcePartition && order.offset === decision.sourceOffset);
  const first = source ?? earliest;
  const place = ({ partition, offset }: Entry): Place => ({ topic, partition, offset });
  return orders
    .filter(({ contents }) => contents !== first.contents)
    .map((order) => ({ ...place(order), id: id.toString('utf8'), first: place(first) }));
}

type Books = { id: Buffer; verdict: Verdict; stretches: ReadonlyMap<number, Stretch>; topics: LedgerTopics };

/** @param history what else shows it */
function find(
  { verdict, topics, id }: Books,
  kind: Finding['kind'],
  entry: Entry,
  history: readonly (Entry | HistoryRecord | undefined)[],
): void {
  const recordOf = (one: Entry | HistoryRecord): HistoryRecord => {
    if ('what' in one) return one;
    const isDecision = one.kind === 'decision';
    const topic = isDecision ? topics.inventory : topics.orders;
    return { topic, partition: one.partition, offset: one.offset, what: isDecision ? 'decision' : 'order' };
  };
  const { topic, partition, offset } = recordOf(entry);
  const records = history.flatMap((one) => (one ? [recordOf(one)] : []));
  verdict.findings.push({ kind, topic, partition, offset, id: entry.kind === 'garbage' ? '' : id.toString('utf8'), records });
}

/** What the decision says that it was made on; undefined where it names no record of the orders topic. */
const sourceOf = ({ sourcePartition: partition, sourceOffset: offset }: Entry, topic: string): HistoryRecord | undefined =>
  offset < 0 ? undefined : { topic, partition, offset, what: 'source' };

function judgeUndecided(first: Entry, records: readonly Entry[], letters: readonly Entry[], books: Books): void {
  const { verdict, stretches } = books;
  if (letters.length > 0) verdict.deadLettered = 1;
  else if (records.every(({ partition, offset }) => offset >= (stretches.get(partition)?.handledTo ?? 0))) verdict.inFlight = 1;
  else if (first.kind === 'order' && first.offset < (stretches.get(first.partition)?.decisionsFrom ?? 0)) verdict.outOfReach = 1;
  else find(books, 'missing', first, [first]);
}

function judgeDecisions(orders: readonly Entry[], decisions: readonly Entry[], books: Books): void {
  books.verdict.decided = 1;
  const [decision, again] = decisions;
  if (again) find(books, 'decided-twice', again, [orders[0], decision, again]);
  if (!decision || isBefore(decision, books.stretches)) return;
  const source = orders.find((order) => order.partition === decision.sourcePartition && order.offset === decision.sourceOffset);
  if (!source || decision.partition !== decision.sourcePartition) {
    find(books, 'wrong-source', decision, [orders[0], sourceOf(decision, books.topics.orders), decision]);
    return;
  }
  const earlier = orders.find((order) => order.partition === source.partition && order.offset < source.offset);
  if (earlier) find(books, 'out-of-order', decision, [earlier, source, decision]);
  if (source.createdAtMs !== decision.createdAtMs) find(books, 'created-at-differs', decision, [source, decision]);
}

function judgeOrphans(decisions: readonly Entry[], books: Books): void {
  const [decision] = decisions;
  if (!decision) return;
  if (isBefore(decision, books.stretches)) books.verdict.outOfReach = 1;
  else find(books, 'no-order', decision, [sourceOf(decision, books.topics.orders), decision]);
}

/** Whether the decision is on an order before the first that was read. */
const isBefore = ({ sourcePartition, sourceOffset }: Entry, stretches: ReadonlyMap<number, Stretch>): boolean =>
  sourceOffset >= 0 && sourceOffset < (stretches.get(sourcePartition)?.from ?? 0);

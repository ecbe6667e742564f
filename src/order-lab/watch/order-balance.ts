/** Where every order record is, from the broker's offsets and the figures of analytics: see `Equation`. Pure. */
import { deadLetterTopic } from '../../kafka/admin/side-topics.ts';
import { type DeletedUnread, merged, offsetsIn } from '../../kafka/groups/deleted-unread.ts';
import { type Partition, partitionKey } from '../../kafka/partition.ts';
import { booksText, type Equation } from '../ledger/equation.ts';
import type { Layout, Ledger, Metrics, Pipeline, Sample } from '../wire/all.ts';

export type LedgerFacts = {
  /** The columns. */
  layout: Layout;
  /** What the broker told last. */
  sample: Sample | undefined;
  /** Where the logs begin, by `partitionKey`. */
  beginnings: ReadonlyMap<string, number>;
  /** Of analytics; its position and its figures are of one moment. */
  metrics: Metrics | null;
  names: Pick<Pipeline, 'ordersTopic' | 'inventoryTopic' | 'inventoryGroup'>;
  /** Records of the inventory topic that could not be read, of which `dead_letters` counts both topics'. */
  deadDecisions: number;
  /** What inventory noted as deleted before it had read it. */
  noted: readonly DeletedUnread[];
};

/** @returns null until everything is known */
export function ledgerOf({ layout, sample, beginnings, metrics, names, deadDecisions, noted }: LedgerFacts): Ledger | null {
  if (!sample || !metrics) return null;
  const written = endOf(names.ordersTopic, layout, sample);
  if (written === null) return null;
  const commits = layout.commits.flatMap(({ group, topic, partition }, index) => {
    const offset = sample.committed[index] ?? null;
    return group === names.inventoryGroup && topic === names.ordersTopic && offset !== null ? [{ topic, partition, offset }] : [];
  });
  const deletedUnread = offsetsIn([...noted, ...unreadGaps(commits, beginnings)]);
  const read = commits.reduce((sum, commit) => sum + commit.offset - passedOver(commit, noted), 0);
  const seen = Object.values(metrics.position[names.ordersTopic] ?? {}).reduce((sum, offset) => sum + offset, 0);
  const { total_orders: orders, duplicates_ignored: duplicates } = metrics;
  const deadLetters = metrics.dead_letters - deadDecisions;
  const missing = seen - orders - duplicates - deadLetters;
  // Whether the view read what the log holds no longer, nobody knows: a view that was made anew has not.
  const ofOrders = layout.ends.filter(({ topic }) => topic === names.ordersTopic);
  const lostByLog = ofOrders.reduce((sum, column) => sum + (beginnings.get(partitionKey(column)) ?? 0), 0);
  const deleted = Math.min(Math.max(0, missing), lostByLog);
  const uncounted =
    Math.max(0, written - seen) +
    layout.ends.reduce((sum, { topic, partition }, index) => {
      const counted = metrics.position[topic]?.[partition] ?? 0;
      return topic === names.inventoryTopic ? sum + Math.max(0, (sample.ends[index] ?? 0) - counted) : sum;
    }, 0);
  const unread = Math.max(0, written - read - deletedUnread);
  // Analytics finds a record that cannot be read ahead of inventory, which puts it aside when it comes to it: until then it is in flight.
  const aside = endOf(deadLetterTopic(names.ordersTopic), layout, sample) ?? deadLetters;
  const deadAhead = Math.min(Math.max(0, deadLetters - aside), unread);
  const equation = equationOf({
    written: Math.max(written, seen),
    // A decision without an order decides none.
    decided: Math.min(metrics.decided_orders, orders + Math.max(0, written - seen)),
    ...{ decidedTwice: metrics.decided_twice, duplicates, deadLettered: deadLetters - deadAhead },
    ...{ outOfReach: deleted, deletedUnread, unread, uncounted },
  });
  return { ...equation, read, deletedUnread, seen, orders, deadLetters, deadAhead, deleted, text: booksText(equation) };
}

type Terms = Pick<Equation, 'written' | 'decided' | 'duplicates' | 'deadLettered' | 'outOfReach' | 'decidedTwice'> & {
  deletedUnread: number;
  /** Offsets that inventory has not committed, and that analytics has not read of both topics: at least as many as can be missing for it. */
  unread: number;
  uncounted: number;
};

/** What is in none of the first figures is in flight as far as it can be, then still to be counted as far as it can be; the rest is wrong. */
function equationOf({ deletedUnread, unread, uncounted, ...terms }: Terms): Equation {
  const { written, decided, duplicates, deadLettered } = terms;
  // What analytics found missing in the log may be what was deleted unread.
  const outOfReach = Math.max(0, terms.outOfReach - deletedUnread);
  const rest = written - decided - duplicates - deadLettered - outOfReach - deletedUnread;
  const inFlight = Math.min(Math.max(0, rest), unread);
  const notCounted = Math.min(Math.max(0, rest - inFlight), uncounted);
  return { ...terms, outOfReach, inFlight, notCounted, lost: deletedUnread, unaccounted: rest - inFlight - notCounted };
}

type Committed = Partition & { offset: number };

/** @returns what will be found gone when it is to be read; a group without a commit begins with what is there */
export const unreadGaps = (commits: readonly Committed[], beginnings: ReadonlyMap<string, number>): DeletedUnread[] =>
  commits.flatMap(({ topic, partition, offset: from }) => {
    const to = beginnings.get(partitionKey({ topic, partition })) ?? 0;
    return from < to ? [{ topic, partition, from, to }] : [];
  });

/** How many offsets before a commit were never read. */
const passedOver = (commit: Committed, noted: readonly DeletedUnread[]): number =>
  merged(noted)
    .filter((one) => partitionKey(one) === partitionKey(commit))
    .reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, commit.offset) - from), 0);

/** @returns where all partitions of a topic end, added up; null where one is not known, or the topic is not */
function endOf(topic: string, { ends }: Layout, sample: Sample): number | null {
  const columns = ends.flatMap((column, index) => (column.topic === topic ? [sample.ends[index] ?? null] : []));
  return columns.length === 0 ? null : columns.reduce<number | null>((sum, end) => (sum === null || end === null ? null : sum + end), 0);
}

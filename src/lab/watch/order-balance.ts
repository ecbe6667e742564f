/** Where every order record is: written = decided + deleted unread + in flight; seen = orders + duplicates + dead letters + deleted. */
import { type DeletedUnread, merged, offsetsIn } from '../../kafka/deleted-unread.ts';
import { type Partition, partitionKey } from '../../kafka/partition.ts';
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
  const written = sumOf(layout.ends.map((column, index) => (column.topic === names.ordersTopic ? sample.ends[index] : 0)));
  if (written === null) return null;
  const commits = layout.commits.flatMap(({ group, topic, partition }, index) => {
    const offset = sample.committed[index] ?? null;
    return group === names.inventoryGroup && topic === names.ordersTopic && offset !== null ? [{ topic, partition, offset }] : [];
  });
  const deletedUnread = offsetsIn([...noted, ...unreadGaps(commits, beginnings)]);
  const decided = commits.reduce((sum, commit) => sum + commit.offset - passedOver(commit, noted), 0);
  const seen = Object.values(metrics.position[names.ordersTopic] ?? {}).reduce((sum, offset) => sum + offset, 0);
  const { total_orders: orders, duplicates_ignored: duplicates } = metrics;
  const deadLetters = metrics.dead_letters - deadDecisions;
  const missing = seen - orders - duplicates - deadLetters;
  // Whether the view read what the log holds no longer, nobody knows: a view that was made anew has not.
  const ofOrders = layout.ends.filter(({ topic }) => topic === names.ordersTopic);
  const lostByLog = ofOrders.reduce((sum, column) => sum + (beginnings.get(partitionKey(column)) ?? 0), 0);
  const deleted = Math.min(Math.max(0, missing), lostByLog);
  return {
    written,
    decided,
    deletedUnread,
    inFlight: Math.max(0, written - decided - deletedUnread),
    seen,
    orders,
    duplicates,
    deadLetters,
    deleted,
    unaccounted: missing - deleted,
  };
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

function sumOf(values: readonly (number | null | undefined)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null || value === undefined) return null;
    sum += value;
  }
  return sum;
}

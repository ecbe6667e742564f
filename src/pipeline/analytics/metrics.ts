/** The metrics that people see: computed from the view, and the digest that proves two runs over the same log equal. */
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import Type, { type Static } from 'typebox';
import { newestMinutes } from './orders-by-minute.ts';
import { keptConflicts, type View } from './view.ts';

const ByMinute = Type.Record(Type.String(), Type.Integer(), { description: `the newest ${newestMinutes} minutes that hold orders` });
const RecordPlace = Type.Object({ topic: Type.String(), partition: Type.Integer(), offset: Type.Integer() });

/** What the log alone determines: no clock, no rate, no lag. */
const LogFigures = {
  total_orders: Type.Integer({ description: 'orders, each id once' }),
  total_reservations: Type.Integer({ description: 'reserved + failed' }),
  failed_reservations: Type.Integer(),
  failed_orders: Type.Integer({ description: 'orders that arrived failed or whose reservation failed, each once' }),
  failure_rate: Type.Number({
    description: 'failed_reservations / total_reservations, 0 where there are none: the failure rate of reservations',
  }),
  failure_rate_pct: Type.Number(),
  order_failure_rate: Type.Number({ description: 'failed_orders / total_orders, 0 where there are none: the failure rate of orders' }),
  order_failure_rate_pct: Type.Number(),
  average_orders_per_minute: Type.Number({ description: 'mean over the minutes that hold orders' }),
  orders_per_minute: ByMinute,
  orders_by_minute: ByMinute,
  older_minutes: Type.Object(
    { minutes: Type.Integer(), orders: Type.Integer(), digest: Type.String() },
    { description: 'the minutes before those: how many hold orders, and how many orders; the digest is over each of them' },
  ),
  duplicates_ignored: Type.Integer({ description: 'order records beyond the first of their id' }),
  conflicting_orders: Type.Integer({ description: 'those of duplicates_ignored that ask for something else than the first of their id' }),
  dead_letters: Type.Integer({ description: 'records of both topics that could not be read' }),
};

const LogFiguresObject = Type.Object(LogFigures);
type LogFigures = Static<typeof LogFiguresObject>;

export const ReplayProgress = Type.Object({
  state: Type.Enum(['idle', 'running']),
  processed: Type.Integer({ description: 'offsets read again so far' }),
  total: Type.Integer({ description: 'offsets to read again' }),
});
export type ReplayProgress = Static<typeof ReplayProgress>;

export const Metrics = Type.Object({
  ...LogFigures,
  decided_orders: Type.Integer({ description: 'orders with a decision: reserved, failed or released' }),
  decided_twice: Type.Integer({ description: 'decisions beyond the first on an order: must be 0' }),
  conflicts: Type.Array(Type.Object({ order_id: Type.String(), first: RecordPlace, other: RecordPlace }), {
    description: `the last ${keptConflicts} conflicting orders: where the first one is, which was decided on, and where the other`,
  }),
  orders_per_min: Type.Integer({ description: 'orders created in the last 60 s' }),
  current_orders_per_minute: Type.Integer({ description: 'the same' }),
  lag: Type.Union([Type.Integer(), Type.Null()], { description: 'records that are not in these figures yet; null while Kafka is away' }),
  as_of: Type.String(),
  position: Type.Record(Type.String(), Type.Record(Type.String(), Type.Integer())),
  readings: Type.Record(Type.String(), Type.String(), {
    description:
      'by partition: which reading of the log its figures are of. Each reset and each replay begins another one, so figures of another reading were counted anew',
  }),
  missing: Type.Optional(
    Type.Array(
      Type.Object({
        partition: Type.Integer(),
        since: Type.Union([Type.String(), Type.Null()], { description: 'when it was heard of last; null where it never was' }),
      }),
      {
        description:
          'with several instances: the partitions that nobody tells of, since their instance is away or catches up. These figures have them as far as `position` says, and nothing of one that is not there',
      },
    ),
  ),
  replay: ReplayProgress,
  digest: Type.String({ description: 'SHA-256 over the canonical JSON (RFC 8785) of what the log alone determines' }),
});
export type Metrics = Static<typeof Metrics>;

/** @returns whether the figures are of all that is in the log: nothing waits, and every partition is told of */
export const areOfWholeLog = ({ lag, missing }: Pick<Metrics, 'lag' | 'missing'>): boolean => lag === 0 && missing === undefined;

/**
 * @param before figures, from before somebody took the log back
 * @param partitions the numbers in which something is read again
 * @returns whether the figures of each of them were counted anew since
 */
export const areCountedAnew = (
  before: Pick<Metrics, 'readings'>,
  after: Pick<Metrics, 'readings'>,
  partitions: readonly (string | number)[],
): boolean =>
  partitions.every((partition) => after.readings[partition] !== undefined && after.readings[partition] !== before.readings[partition]);

/** @returns `partition 1` or `partitions 0, 2`; undefined where nothing is missing */
export function missingText({ missing }: Pick<Metrics, 'missing'>): string | undefined {
  if (missing === undefined) return undefined;
  return `${missing.length === 1 ? 'partition' : 'partitions'} ${missing.map(({ partition }) => partition).join(', ')}`;
}

/** What is not in the view: the clock and the reader. */
export type Surroundings = {
  asOf: Date;
  recentOrders: number;
  lag: number | null;
  positions: readonly { topic: string; partition: number; offset: number }[];
  /** By partition: see `ViewStore.readings`. */
  readings: ReadonlyMap<number, string>;
  /** Partitions that nobody tells of, see `Missing`. */
  missing?: NonNullable<Metrics['missing']>;
  replay: ReplayProgress;
};

/** @returns the metrics, in the order in which people read them */
export function metricsOf(view: View, { asOf, recentOrders, lag, positions, readings, missing = [], replay }: Surroundings): Metrics {
  const figures = logFigures(view);
  const { average_orders_per_minute, orders_per_minute, orders_by_minute, older_minutes, ...rest } = figures;
  const { duplicates_ignored, conflicting_orders, dead_letters, ...totals } = rest;
  const position: Metrics['position'] = {};
  for (const { topic, partition, offset } of positions) {
    position[topic] ??= {};
    position[topic][partition] = offset;
  }
  return {
    ...totals,
    orders_per_min: recentOrders,
    current_orders_per_minute: recentOrders,
    average_orders_per_minute,
    orders_per_minute,
    orders_by_minute,
    older_minutes,
    duplicates_ignored,
    conflicting_orders,
    conflicts: view.conflicts.map(({ orderId, first, other }) => ({ order_id: orderId, first, other })),
    dead_letters,
    decided_orders: view.reserved + view.rejected + view.released,
    decided_twice: view.repeatedOutcomes,
    lag,
    as_of: asOf.toISOString(),
    position,
    readings: Object.fromEntries(readings),
    ...(missing.length > 0 && { missing }),
    replay,
    digest: digestOfFigures(figures),
  };
}

/** @returns `sha256:...` over everything that the log alone determines; the same log gives the same digest */
export const digestOf = (view: View): string => digestOfFigures(logFigures(view));

const digestOfFigures = (figures: LogFigures): string => `sha256:${hash('sha256', canonicalize(figures) ?? '', 'hex')}`;

/**
 * @param before metrics before a replay
 * @param after metrics after it
 * @returns the first figure of the log that differs, undefined where none does
 */
export function firstDifference(before: Metrics, after: Metrics): { field: string; before: unknown; after: unknown } | undefined {
  const field = (Object.keys(LogFigures) as (keyof LogFigures)[]).find((name) => canonicalize(before[name]) !== canonicalize(after[name]));
  return field && { field, before: before[field], after: after[field] };
}

function logFigures(view: View): LogFigures {
  const total_reservations = view.reserved + view.rejected;
  const byMinute = view.byMinute.newest();
  return {
    total_orders: view.orders,
    total_reservations,
    failed_reservations: view.rejected,
    failed_orders: view.failedOrders,
    failure_rate: ratio(view.rejected, total_reservations, 1, 6),
    failure_rate_pct: ratio(view.rejected, total_reservations, 100, 4),
    order_failure_rate: ratio(view.failedOrders, view.orders, 1, 6),
    order_failure_rate_pct: ratio(view.failedOrders, view.orders, 100, 4),
    average_orders_per_minute: ratio(view.orders, view.byMinute.size, 1, 2),
    orders_per_minute: byMinute,
    orders_by_minute: byMinute,
    older_minutes: view.byMinute.older(),
    duplicates_ignored: view.duplicateOrders,
    conflicting_orders: view.conflictingOrders,
    dead_letters: view.deadLetters,
  };
}

/** Rounded, so that people see 4.98 and not 4.9799999999999995. */
const ratio = (part: number, whole: number, factor: number, decimals: number): number =>
  whole === 0 ? 0 : Number(((part * factor) / whole).toFixed(decimals));

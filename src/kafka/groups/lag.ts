/** Lag as plain computing: rows in the form and order of Kafka's own tool, totals, and how fast they change. */
import { byPartition, type Partition, partitionKey } from '../partition.ts';
import { rangeNote } from './range-note.ts';

/** One partition of a group as the broker tells it: committed was asked first, the end second. */
export type PartitionState = Partition & {
  /** The next offset the group will read; undefined where nothing is committed. */
  committed: number | undefined;
  /** Where the group begins while nothing is committed; undefined where nobody knows: its readers' `auto.offset.reset` is their own. */
  start: number | undefined;
  /** First offset of the log; undefined where the broker did not tell. */
  first: number | undefined;
  /** The end of the log (high watermark), control records included; undefined where the broker did not tell. */
  end: number | undefined;
  owner: { consumerId: string; host: string; clientId: string } | undefined;
  /** Why the end is not known. */
  error: string | undefined;
};

export type LagRow = Partition & {
  group: string;
  currentOffset: number | undefined;
  logEndOffset: number | undefined;
  /** Never below 0; undefined where the end is not known, or neither a commit nor where the group would begin. */
  lag: number | undefined;
  consumerId: string | undefined;
  host: string | undefined;
  clientId: string | undefined;
  error: string | undefined;
  /** What is wrong with the committed offset: it is not in the log. */
  note: string | undefined;
};

/**
 * @param group name of the group
 * @param partitions what the broker tells
 * @returns one row per partition, by topic and partition, those without a consumer last
 */
export function lagRows(group: string, partitions: readonly PartitionState[]): LagRow[] {
  return partitions
    .map(({ topic, partition, committed, start, first, end, owner, error }) => ({
      group,
      topic,
      partition,
      currentOffset: committed,
      logEndOffset: end,
      lag: groupLag({ committed, start, end }),
      consumerId: owner?.consumerId,
      host: owner?.host,
      clientId: owner?.clientId,
      error,
      note: rangeNote({ topic, partition, committed, first, end }, group),
    }))
    .sort((a, b) => Number(a.consumerId === undefined) - Number(b.consumerId === undefined) || byPartition(a, b));
}

/**
 * @returns records that a group has still to read, from its commit or, without one, from where it begins; undefined where that is not known,
 *   as with a commit behind the end of the log: commits are asked before ends, so this is no matter of two moments
 */
export function groupLag({ committed, start, end }: Pick<PartitionState, 'committed' | 'start' | 'end'>): number | undefined {
  const isBeyond = committed !== undefined && end !== undefined && committed > end;
  return isBeyond ? undefined : lagOf(committed ?? start, end);
}

/**
 * @param next the offset that is read next: the committed one, or where the group begins without one
 * @param end of the log
 * @returns records still to read; never below 0 although the two offsets are of two moments
 */
export function lagOf(next: number | undefined, end: number | undefined): number | undefined {
  return next === undefined || end === undefined ? undefined : Math.max(0, end - next);
}

/** @returns the sum of what is known; undefined where no partition has a lag */
export function totalLag(rows: readonly Pick<LagRow, 'lag'>[]): number | undefined {
  const known = rows.flatMap(({ lag }) => (lag === undefined ? [] : [lag]));
  return known.length === 0 ? undefined : known.reduce((sum, lag) => sum + lag, 0);
}

/** Lag at one moment. */
export type LagSample = { atMs: number; rows: readonly LagRow[] };

export type LagTrend = {
  direction: 'growing' | 'steady' | 'draining';
  /** Change of the total per second; below 0 while it drains. */
  perSec: number;
};

/**
 * @param before an earlier sample of the same group
 * @param now the present one
 * @returns how the lag moves between them
 */
export function lagTrend(before: LagSample, now: LagSample): LagTrend {
  const seconds = Math.max(0.001, (now.atMs - before.atMs) / 1000);
  const earlier = new Map(before.rows.map((row) => [partitionKey(row), row.lag]));
  const changes = now.rows.flatMap((row) => {
    const was = earlier.get(partitionKey(row));
    return row.lag === undefined || was === undefined ? [] : [row.lag - was];
  });
  const perSec = Math.round((changes.reduce((sum, change) => sum + change, 0) / seconds) * 10) / 10;
  return { direction: perSec > 0 ? 'growing' : perSec < 0 ? 'draining' : 'steady', perSec };
}

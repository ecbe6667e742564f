/** Lag as plain computing: rows in the form and order of Kafka's own tool, totals, and how fast they change. */
import { byPartition, type Partition } from './partition.ts';

/** One partition of a group as the broker tells it: committed was asked first, the end second. */
export type PartitionState = Partition & {
  /** The next offset the group will read; undefined where nothing is committed. */
  committed: number | undefined;
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
  /** Never below 0; undefined where nothing is committed or the end is not known. */
  lag: number | undefined;
  consumerId: string | undefined;
  host: string | undefined;
  clientId: string | undefined;
  error: string | undefined;
};

/**
 * @param group name of the group
 * @param partitions what the broker tells
 * @returns one row per partition, by topic and partition, those without a consumer last
 */
export function lagRows(group: string, partitions: readonly PartitionState[]): LagRow[] {
  return partitions
    .map(({ topic, partition, committed, end, owner, error }) => ({
      group,
      topic,
      partition,
      currentOffset: committed,
      logEndOffset: end,
      lag: lagOf(committed, end),
      consumerId: owner?.consumerId,
      host: owner?.host,
      clientId: owner?.clientId,
      error,
    }))
    .sort((a, b) => Number(a.consumerId === undefined) - Number(b.consumerId === undefined) || byPartition(a, b));
}

/** @returns records still to read; never below 0 although the two offsets are of two moments */
export function lagOf(committed: number | undefined, end: number | undefined): number | undefined {
  return committed === undefined || end === undefined ? undefined : Math.max(0, end - committed);
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
  /** Seconds until every partition is at 0 at the present pace: the slowest decides; undefined where one does not fall. */
  drainSec: number | undefined;
};

/**
 * @param before an earlier sample of the same group
 * @param now the present one
 * @returns how the lag moves between them
 */
export function lagTrend(before: LagSample, now: LagSample): LagTrend {
  const seconds = Math.max(0.001, (now.atMs - before.atMs) / 1000);
  const earlier = new Map(before.rows.map((row) => [`${row.topic}/${row.partition}`, row.lag]));
  let change = 0;
  let drainSec: number | undefined = 0;
  for (const { topic, partition, lag } of now.rows) {
    const was = earlier.get(`${topic}/${partition}`);
    if (lag === undefined || was === undefined) continue;
    change += lag - was;
    if (lag > 0 && drainSec !== undefined) drainSec = was > lag ? Math.max(drainSec, lag / ((was - lag) / seconds)) : undefined;
  }
  const perSec = Math.round((change / seconds) * 10) / 10;
  return { direction: perSec > 0 ? 'growing' : perSec < 0 ? 'draining' : 'steady', perSec, drainSec };
}

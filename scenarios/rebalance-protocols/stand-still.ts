/** How long each partition stood still, out of the times in both logs: an order that came when its partition stopped waited all the while. Pure. */

/** A record of the orders or of the decisions: who it is of, where it stands, when it was written (RFC 3339). */
export type TimedRecord = { key: string | null; partition: number; time: string | null };

/** A change of the group, from when it was asked for until it was over (ms since 1970). */
export type Change = { from: number; to: number };

export type StandStill = {
  /** The longest that an order of each partition waited for its decision (ms); 0 for a partition that got none. */
  longestMs: number[];
  /** Orders that waited for longer than `lateMs`. */
  late: number;
};

/**
 * @param orders all orders; those count that came during the change
 * @param decisions one for each of them
 * @param change when the group changed
 * @param options how many partitions there are, and from when on an order is late (ms)
 */
export function standStill(
  orders: readonly TimedRecord[],
  decisions: readonly TimedRecord[],
  change: Change,
  { partitions, lateMs }: { partitions: number; lateMs: number },
): StandStill {
  const decidedAt = new Map(decisions.map(({ key, time }) => [key, Date.parse(time ?? '')]));
  const longestMs = Array.from({ length: partitions }, () => 0);
  let late = 0;
  for (const { key, partition, time } of orders) {
    const cameAt = Date.parse(time ?? '');
    if (!(cameAt >= change.from && cameAt <= change.to)) continue;
    const waitedMs = (decidedAt.get(key) ?? cameAt) - cameAt;
    longestMs[partition] = Math.max(longestMs[partition] ?? 0, waitedMs);
    if (waitedMs > lateMs) late += 1;
  }
  return { longestMs, late };
}

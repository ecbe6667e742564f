/** A replay: taken back to some offsets, read again exactly up to where the view was, then compared. Pure. */

import { randomUUID } from 'node:crypto';
import type { TopicPartitionOffset } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { placesOf } from '../../kafka/groups/deleted-unread.ts';
import { type PartitionOffset, partitionKey } from '../../kafka/partition.ts';
import { firstDifference, type Metrics, missingText, type ReplayProgress } from './metrics.ts';

/**
 * Per partition: where the replay starts, and where the view was. Records from there on are new and wait. `first` is where the log began
 * then: what was counted of earlier records cannot be computed again. From `takeBack` on the view lets go of what it took.
 */
export type ReplayRange = { topic: string; partition: number; from: number; to: number; first: number; takeBack: number };

export type Replay = {
  id: string;
  startedAt: string;
  ranges: ReplayRange[];
  before: Metrics;
  finishedAt?: string;
  after?: Metrics;
  identical?: boolean;
  first_difference?: { field: string; before: unknown; after: unknown } | null;
};

/**
 * @param ranges what to read again
 * @param before the metrics at their ends
 */
export const newReplay = (ranges: ReplayRange[], before: Metrics, now: Date): Replay => ({
  id: randomUUID(),
  startedAt: now.toISOString(),
  ranges,
  before,
});

/** @returns the replay with its result */
export function finished(replay: Replay, after: Metrics, now: Date): Replay {
  const missing = logWithoutBeginning(replay.ranges);
  const difference = firstDifference(replay.before, after) ?? missing ?? null;
  const identical = missing === undefined && replay.before.digest === after.digest;
  return { ...replay, finishedAt: now.toISOString(), after, identical, first_difference: difference };
}

/** A replay proves that the log gives the same numbers again: a log that lost its beginning proves nothing of what it held there. */
export function logWithoutBeginning(
  partitions: readonly { topic: string; partition: number; first: number | undefined }[],
): { field: string; before: unknown; after: unknown } | undefined {
  const gone = partitions.flatMap(({ topic, partition, first = 0 }) => (first > 0 ? [{ topic, partition, from: 0, to: first }] : []));
  if (gone.length === 0) return undefined;
  return { field: 'log', before: `held ${placesOf(gone)}`, after: 'these records are deleted: what they came to cannot be computed again' };
}

/** How far a view is, and which reading of the log each partition is of: see `Reading`. */
export type Progress = { positions: readonly TopicPartitionOffset[]; readings: ReadonlyMap<number, string> };

/**
 * @param replay one under way, or none
 * @param progress of the view; a partition that was not taken back yet has read nothing again
 */
export function progressOf(replay: Replay | undefined, { positions, readings }: Progress): ReplayProgress {
  if (!replay || replay.finishedAt) return { state: 'idle', processed: 0, total: 0 };
  const at = new Map(positions.map((position) => [partitionKey(position), position.offset]));
  let processed = 0;
  let total = 0;
  for (const range of replay.ranges) {
    total += range.to - range.from;
    const offset = readings.get(range.partition) === replay.id ? (at.get(partitionKey(range)) ?? 0) : 0;
    processed += Math.max(0, Math.min(range.to, offset) - range.from);
  }
  return { state: 'running', processed, total };
}

/**
 * A replay that begins on less than the whole log would compare a part of it with itself.
 * @param view how far it is, and which partitions nobody tells of
 * @param ends of all partitions, when the replay was asked for
 * @returns what the view lacks of the log up to there; undefined where it lacks nothing
 */
export function whatLacks(
  { positions, missing }: { positions: readonly PartitionOffset[]; missing: NonNullable<Metrics['missing']> },
  ends: readonly PartitionOffset[],
): string | undefined {
  if (missing.length > 0) return `nobody tells of ${missingText({ missing })}`;
  const at = new Map(positions.map((position) => [partitionKey(position), position.offset]));
  const unknown = ends.find((end) => !at.has(partitionKey(end)));
  if (unknown) return `nothing is known of partition ${unknown.partition} of ${unknown.topic} yet`;
  const left = ends.reduce((sum, end) => sum + Math.max(0, end.offset - (at.get(partitionKey(end)) ?? 0)), 0);
  return left > 0 ? `records are not counted yet that were in the log when it was asked for: ${left}` : undefined;
}

/** @returns whether every partition was taken back and is where it was */
export function isComplete(replay: Replay, { positions, readings }: Progress): boolean {
  const at = new Map(positions.map((position) => [partitionKey(position), position.offset]));
  return replay.ranges.every((range) => readings.get(range.partition) === replay.id && at.get(partitionKey(range)) === range.to);
}

/** A replay: taken back to some offsets, read again exactly up to where the view was, then compared. Survives a crash in its middle. */

import { randomUUID } from 'node:crypto';
import type { TopicPartitionOffset } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { placesOf } from '../../kafka/deleted-unread.ts';
import { partitionKey } from '../../kafka/partition.ts';
import { firstDifference, type Metrics, type ReplayProgress } from './metrics.ts';
import type { ViewStore } from './view-store.ts';

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

/**
 * @param replay one under way, or none
 * @param positions how far the view is
 */
export function progressOf(replay: Replay | undefined, positions: TopicPartitionOffset[]): ReplayProgress {
  if (!replay || replay.finishedAt) return { state: 'idle', processed: 0, total: 0 };
  const at = new Map(positions.map((position) => [partitionKey(position), position.offset]));
  let processed = 0;
  let total = 0;
  for (const range of replay.ranges) {
    total += range.to - range.from;
    processed += Math.max(0, Math.min(range.to, at.get(partitionKey(range)) ?? 0) - range.from);
  }
  return { state: 'running', processed, total };
}

/** @returns whether every range is read */
export function isComplete(replay: Replay, positions: TopicPartitionOffset[]): boolean {
  const { processed, total } = progressOf(replay, positions);
  return processed >= total;
}

/** Keeps replays beside the view, in the same database: the last one under way goes on after a crash. */
export class ReplayJournal {
  readonly #store: ViewStore;

  constructor(store: ViewStore) {
    this.#store = store;
  }

  save(replay: Replay): void {
    const running = replay.finishedAt ? 0 : 1;
    this.#store.database.prepare('INSERT OR REPLACE INTO replays VALUES (?, ?, ?)').run(replay.id, JSON.stringify(replay), running);
  }

  find(id: string): Replay | undefined {
    return this.#parse(this.#store.database.prepare('SELECT body FROM replays WHERE id = ?').get(id));
  }

  underWay(): Replay | undefined {
    return this.#parse(this.#store.database.prepare('SELECT body FROM replays WHERE running = 1').get());
  }

  #parse(row: Record<string, unknown> | undefined): Replay | undefined {
    return typeof row?.body === 'string' ? (JSON.parse(row.body) as Replay) : undefined;
  }
}

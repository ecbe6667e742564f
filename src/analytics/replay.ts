/** A replay: taken back to some offsets, read again exactly up to where the view was, then compared. Survives a crash in its middle. */

import { randomUUID } from 'node:crypto';
import type { TopicPartitionOffset } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { partitionKey } from '../kafka/partition.ts';
import { firstDifference, type Metrics, type ReplayProgress } from './metrics.ts';
import type { ViewStore } from './view-store.ts';

/** Per partition: where the replay starts, and where the view was. Records from there on are new and wait. */
export type ReplayRange = { topic: string; partition: number; from: number; to: number };

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
  const difference = firstDifference(replay.before, after) ?? null;
  const identical = replay.before.digest === after.digest;
  return { ...replay, finishedAt: now.toISOString(), after, identical, first_difference: difference };
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

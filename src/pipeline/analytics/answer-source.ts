/** What an answer is made of: this instance's own view where that is the whole, else the parts that all instances told. */
import { byPartition, type Partition, type PartitionOffset, partitionKey } from '../../kafka/partition.ts';
import type { Part } from './part.ts';
import { awayAfterMs, type PartsTopic } from './parts-topic.ts';
import type { View } from './view.ts';
import type { ViewLoop } from './view-loop.ts';
import type { ViewStore } from './view-store.ts';

/** A partition that nobody tells of: its instance is away, or catches up with what was known. */
export type Missing = { partition: number /** When it was heard of last (RFC 3339); null where it never was. */; since: string | null };

export type Source = {
  view: View;
  positions: readonly PartitionOffset[];
  /** By partition: see `ViewStore.readings`. */
  readings: ReadonlyMap<number, string>;
  missing: Missing[];
};

export type SourceOptions = {
  loop: () => Pick<ViewLoop, 'view' | 'positions' | 'isWhole' | 'wasAssigned'>;
  store: Pick<ViewStore, 'readings'>;
  topic: Pick<PartsTopic, 'parts' | 'whole'>;
  /** All partitions that the view is made of. */
  partitions: readonly Partition[];
};

/** @returns a function that says what is true at the moment */
export function sourceOf({ loop, store, topic, partitions }: SourceOptions): () => Source {
  const numbers = [...new Set(partitions.map(({ partition }) => partition))];
  const told = (): Source => ({
    view: topic.whole.view(),
    positions: positionsOf(topic.parts.parts),
    readings: new Map([...topic.parts.parts].map(([partition, { reading }]) => [partition, reading])),
    missing: missingOf(numbers, topic.parts.parts, Date.now()),
  });
  return () => {
    const { view, positions, isWhole, wasAssigned } = loop();
    const own: Source = { view, positions, readings: store.readings, missing: [] };
    if (isWhole) return own;
    // A process that has just started knows what its last life knew; others may have gone on.
    const isFurther = !wasAssigned && positions.length === partitions.length && !isBehind(positions, positionsOf(topic.parts.parts));
    return isFurther ? own : told();
  };
}

/**
 * @param numbers all partitions
 * @param parts as they are told
 * @param nowMs epoch milliseconds
 * @returns those that nobody tells of
 */
export function missingOf(
  numbers: readonly number[],
  parts: ReadonlyMap<number, Pick<Part, 'isBroken' | 'heardAt'>>,
  nowMs: number,
): Missing[] {
  return numbers.flatMap((partition) => {
    const part = parts.get(partition);
    if (part && !part.isBroken && nowMs - part.heardAt <= awayAfterMs) return [];
    return [{ partition, since: part ? new Date(part.heardAt).toISOString() : null }];
  });
}

function positionsOf(parts: ReadonlyMap<number, Part>): PartitionOffset[] {
  const known = [...parts].filter(([, { isBroken }]) => !isBroken);
  return known
    .flatMap(([partition, { positions }]) => Object.entries(positions).map(([topic, offset]) => ({ topic, partition, offset })))
    .sort(byPartition);
}

function isBehind(positions: readonly PartitionOffset[], others: readonly PartitionOffset[]): boolean {
  const at = new Map(positions.map((position) => [partitionKey(position), position.offset]));
  return others.some((other) => (at.get(partitionKey(other)) ?? 0) < other.offset);
}

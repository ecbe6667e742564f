/** Partitions that are taken over: where each is read on, what of it goes first, and which reading it is of. */
import { randomUUID } from 'node:crypto';
import type { BridgeConsumer } from '../../kafka/bridge/bridge-consumer.ts';
import type { Partition, PartitionOffset } from '../../kafka/partition.ts';
import { type StartOffset, startOffset, takenBackFrom } from './start-offset.ts';
import type { ViewStore } from './view-store.ts';

/** Where a partition is read on, and from where on what it gave goes: before that offset where the log lost its beginning, see `takenBackFrom`. */
export type Rewind = PartitionOffset & { takeBack: number };

export type FoundStart = PartitionOffset & {
  /** The reading that goes on; undefined where a new one begins. */
  reading: string | undefined;
  /** What comes before it was read already. */
  known: number;
};

type Committed = Partition & { offset: number | undefined; metadata: string | undefined };

/**
 * @param client tells the ends of the log
 * @param committed by the group, of each partition that is taken over
 * @param onStart told of each
 * @returns where they begin; `begun` are those that the group has committed nothing of
 */
export async function findStarts(
  client: BridgeConsumer,
  committed: readonly Committed[],
  store: ViewStore,
  onStart: (partition: Partition, start: Omit<StartOffset, 'reading'>) => void,
): Promise<{ starts: FoundStart[]; rewinds: Rewind[]; begun: PartitionOffset[] }> {
  const starts: FoundStart[] = [];
  const rewinds: Rewind[] = [];
  const begun: PartitionOffset[] = [];
  for (const { topic, partition, offset, metadata } of committed) {
    const { low, high: end } = await client.watermarks({ topic, partition });
    const [stored, held] = [store.position({ topic, partition }), store.readings.get(partition)];
    const { reading, ...start } = startOffset({ storeId: store.id, stored, reading: held, committed: offset, metadata, end });
    onStart({ topic, partition }, start);
    // Going back is going to what the log still holds; that what was read no more is gone is no news. Going on is not.
    const isRewind = start.action === 'rewind';
    const at = { topic, partition, offset: isRewind ? Math.max(low, start.offset) : start.offset };
    starts.push({ ...at, reading, known: stored ?? end });
    if (offset === undefined) begun.push(at);
    if (isRewind) rewinds.push({ ...at, takeBack: takenBackFrom(start.offset, low) });
  }
  return { starts, rewinds, begun };
}

/** @returns the reading of each partition number: one for both topics, a new one where they are not of the same */
export function readingsOf(starts: readonly FoundStart[]): Map<number, string> {
  return new Map(
    [...Map.groupBy(starts, ({ partition }) => partition)].map(([partition, of]) => {
      const [first, ...others] = new Set(of.map(({ reading }) => reading));
      return [partition, first !== undefined && others.length === 0 ? first : randomUUID()];
    }),
  );
}

/** What one instance of a group can read in a second, as it was measured. Pure. */
import { partitionKey } from '../../../kafka/partition.ts';
import type { GroupView, Mark } from '../../wire/all.ts';
import { type Moment, rateSec } from './when-gone.ts';

/** Who reads a partition, and since when the partitions are shared out like that (ms since 1970). */
export type Readers = { readerOf: (id: string) => string | undefined; sinceMs: number };

/** @returns who reads what in the group now */
export function readersOf({ group, partitions }: Pick<GroupView, 'group' | 'partitions'>, marks: readonly Mark[]): Readers {
  const owners = new Map(partitions.map((one) => [partitionKey(one), one.owner?.consumerId]));
  const rebalance = marks.findLast(({ kind, subject }) => kind === 'rebalance' && subject === group);
  return { readerOf: (id) => owners.get(id), sinceMs: rebalance?.atMs ?? 0 };
}

/**
 * @param moments of the group, oldest first
 * @returns the most that one reader has read in a second, over ten seconds in which it always had something to read; null where none had
 */
export function capacityOf(moments: readonly Moment[], { readerOf, sinceMs }: Readers): number | null {
  const since = moments.filter(({ atMs }) => atMs >= sinceMs);
  let most = 0;
  for (const [index, last] of since.entries()) {
    const firstAt = since.findIndex(({ atMs }) => last.atMs - atMs <= rateSec * 1000);
    const first = since[firstAt];
    if (!first || index - firstAt < 2) continue;
    const readers = new Set(last.partitions.flatMap(({ id }) => readerOf(id) ?? []));
    for (const reader of readers) {
      const own = ({ partitions }: Moment) => partitions.filter(({ id }) => readerOf(id) === reader);
      if (since.slice(firstAt, index + 1).some((moment) => own(moment).every(({ lag }) => !lag))) continue;
      const read = offsets(own(last)) - offsets(own(first));
      most = Math.max(most, read / ((last.atMs - first.atMs) / 1000));
    }
  }
  return most > 0 ? Math.round(most) : null;
}

const offsets = (partitions: Moment['partitions']): number => partitions.reduce((sum, { next }) => sum + (next ?? 0), 0);

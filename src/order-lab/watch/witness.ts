/** What a running lab can say of a finding of the ledger: causes, and when a group was first seen to be past a place. Pure. */
import { type PartitionOffset, partitionKey } from '../../kafka/partition.ts';
import type { Witness } from '../ledger/finding-story.ts';
import type { Snapshot } from '../wire/live.ts';

/** @param group whose commits count */
export function witnessOf({ marks, samples, layout }: Pick<Snapshot, 'marks' | 'samples' | 'layout'>, group: string): Witness {
  return {
    marks,
    passedAt: (place: PartitionOffset): number | undefined => {
      const column = layout.commits.findIndex((one) => one.group === group && partitionKey(one) === partitionKey(place));
      const isPast = (committed: number | null | undefined): boolean => typeof committed === 'number' && committed > place.offset;
      const first = samples.findIndex(({ committed }) => isPast(committed[column]));
      // What was so when the first sample was taken may have been so for long.
      return first > 0 ? samples[first]?.atMs : undefined;
    },
  };
}

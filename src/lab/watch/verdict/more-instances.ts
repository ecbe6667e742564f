/** Whether one more instance would help a group now: the one judgement that the sentence at the top, the controls and the commands go by. Pure. */
import { isSamePartition, type Partition } from '../../../kafka/partition.ts';
import type { GroupPartition, GroupView } from '../../wire/all.ts';

/** `helps` is null where that cannot be told now. */
export type MoreInstances = { helps: boolean | null; text: string };

type WithLag = Pick<GroupPartition, 'topic' | 'partition' | 'lag'>;
type Facts = Pick<GroupView, 'members' | 'state'> & { partitions: readonly WithLag[] };

/** @returns the judgement, as a clause that a sentence can end with */
export function moreInstances({ members, partitions, state }: Facts): MoreInstances {
  const waiting = partitions.filter(({ lag }) => (lag ?? 0) > 0);
  if (waiting.length === 0) return { helps: false, text: 'nothing waits' };
  if (state === 'PreparingRebalance' || state === 'CompletingRebalance')
    return { helps: null, text: 'the partitions are being shared out' };
  if (members.length === 0) return { helps: true, text: 'nobody reads it' };
  const readers = waiting.map((one) => members.find((member) => member.partitions.some((own) => isSamePartition(own, one))));
  if (readers.includes(undefined)) return { helps: null, text: 'not every partition has a reader yet' };
  // A reader takes its partitions in turn: whoever has only one is as fast as it gets.
  const shared = [...new Set(readers)].flatMap((reader) => (reader && reader.partitions.length > 1 ? [reader] : []));
  const [most] = shared.toSorted((a, b) => lagOf(b.partitions, partitions) - lagOf(a.partitions, partitions));
  if (most && members.length < partitions.length) {
    const what = `${most.partitions.length} partitions`;
    return { helps: true, text: `${most.process ?? most.clientId} reads ${what}, one more instance takes some of them` };
  }
  return { helps: false, text: 'more instances cannot help, a partition has one reader' };
}

const lagOf = (some: readonly Partition[], all: readonly WithLag[]): number =>
  all.reduce((sum, one) => sum + (some.some((other) => isSamePartition(other, one)) ? (one.lag ?? 0) : 0), 0);

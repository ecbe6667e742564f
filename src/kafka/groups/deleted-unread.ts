/** Records that were deleted from the log, by retention or by a tool, before a group had read them. Pure. */
import { byPartition, type Partition, partitionKey } from '../partition.ts';

/** `from` is the first offset that nobody read, `to` the first that is still there. Control records take offsets too (KIP-98). */
export type DeletedUnread = Partition & { from: number; to: number };

/**
 * @param offset the next one to read
 * @param log first offset and end of the partition as it is now
 * @returns where to read on, and what is gone before it was read. Where the log ends before the offset, it lost its end: it is read again
 *   from its beginning, as a reset to earliest
 */
export function goOnAt(
  offset: number,
  { first, end }: { first: number; end: number },
): { offset: number; deleted?: { from: number; to: number } } {
  if (offset > end) return { offset: first };
  return offset < first ? { offset: first, deleted: { from: offset, to: first } } : { offset };
}

/** @returns the same stretches without overlaps, by topic, partition and offset: a reader that crashed may have told of one twice */
export function merged(deletions: readonly DeletedUnread[]): DeletedUnread[] {
  const result: DeletedUnread[] = [];
  for (const one of [...deletions].sort((a, b) => byPartition(a, b) || a.from - b.from)) {
    const last = result.at(-1);
    if (last && partitionKey(last) === partitionKey(one) && one.from <= last.to) last.to = Math.max(last.to, one.to);
    else result.push({ ...one });
  }
  return result;
}

/** @returns how many offsets they are */
export const offsetsIn = (deletions: readonly DeletedUnread[]): number =>
  merged(deletions).reduce((sum, { from, to }) => sum + to - from, 0);

/** @returns `order-events/0 offsets 0 to 899, order-events/2 offset 7` */
export const placesOf = (deletions: readonly DeletedUnread[]): string =>
  deletions.map((one) => `${partitionKey(one)} ${one.to - one.from === 1 ? 'offset' : 'offsets'} ${stretchText(one)}`).join(', ');

const stretchText = ({ from, to }: DeletedUnread): string => (to - from === 1 ? `${from}` : `${from} to ${to - 1}`);

/** @returns one line for people */
export function deletedText(deletions: readonly DeletedUnread[], group: string): string {
  const all = merged(deletions);
  const count = offsetsIn(all);
  return `${count} ${count === 1 ? 'record was' : 'records were'} deleted before ${group} had read ${count === 1 ? 'it' : 'them'}: ${placesOf(all)} (by retention or a tool; retention.ms and retention.bytes of the topic decide)`;
}

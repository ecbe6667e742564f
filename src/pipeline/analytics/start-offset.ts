/** Where to read on in a partition: tells an ordinary restart from offsets that somebody reset. */

const markerPrefix = 'replayground-view:';

/** The client cuts the last character of what other clients wrote (1.10.1): the `;` may go. */
const marker = new RegExp(`^${markerPrefix}(.+)@(\\d+);?$`);

/**
 * @returns what a store puts into the metadata of its offset commits. A reset by any tool leaves none; a tool that keeps it when it moves
 *   the offset is found out by the offset in it
 */
export const commitMarker = (storeId: string, offset: number): string => `${markerPrefix}${storeId}@${offset};`;

export type PartitionState = {
  storeId: string;
  /** Next offset after what the store holds; undefined where it holds nothing of the partition. */
  stored: number | undefined;
  /** What the group has committed; undefined where nothing is. */
  committed: number | undefined;
  metadata: string | undefined;
  /** High watermark of the partition. */
  end: number;
};

/** `rewind`: what the store took at or after the offset goes, then it is read again. */
export type StartOffset = { action: 'continue' | 'rewind'; offset: number; because: string };

/**
 * @param wanted where to go back to
 * @param first where the log begins
 * @returns from where on a view lets go of what it took. What is taken back to where the log begins is taken back whole: nothing that the log
 *   no longer holds stays in the view
 */
export const takenBackFrom = (wanted: number, first: number): number => (wanted <= first ? 0 : wanted);

/**
 * The view holds a prefix of the log, so offsets can take it back but never make it skip.
 * @param state what the store, the group and the broker say
 * @returns where to read on, and whether something has to go first
 */
export function startOffset({ storeId, stored, committed, metadata, end }: PartitionState): StartOffset {
  if (stored === undefined) return { action: 'rewind', offset: 0, because: 'the store holds nothing of this partition' };
  if (stored > end) return { action: 'rewind', offset: 0, because: `the log ends at ${end}, before the store's position ${stored}` };
  if (committed === undefined)
    return { action: 'rewind', offset: 0, because: 'the group has no committed offset: read as a reset to earliest' };
  const [, committedBy, committedAt] = marker.exec(metadata ?? '') ?? [];
  if (committedBy === storeId && Number(committedAt) === committed)
    return { action: 'continue', offset: stored, because: 'the store goes on where it was' };
  if (metadata?.startsWith(markerPrefix) && committedBy !== storeId)
    return { action: 'rewind', offset: 0, because: 'another store committed the offset' };
  if (committed === stored) return { action: 'continue', offset: stored, because: 'the committed offset is where the store is' };
  if (committed < stored) return { action: 'rewind', offset: committed, because: `the offset was reset from ${stored} to ${committed}` };
  return { action: 'continue', offset: stored, because: `the offset was reset to ${committed}, but a view skips nothing` };
}

/** Where to read on in a partition: tells an ordinary restart from offsets that somebody reset. */

const markerPrefix = 'replayground-view:';

/** The client cuts the last character of what other clients wrote (1.10.1): the `;` may go. */
const marker = new RegExp(`^${markerPrefix}([^~]+?)(?:~([^@]+))?@(\\d+);?$`);

/**
 * @param storeId whose commit it is
 * @param offset that is committed
 * @param reading which the store's rows of the partition are of
 * @returns what a store puts into the metadata of its offset commits. A reset by any tool leaves none; a tool that keeps it when it moves
 *   the offset is found out by the offset in it
 */
export const commitMarker = (storeId: string, offset: number, reading?: string): string =>
  `${markerPrefix}${storeId}${reading === undefined ? '' : `~${reading}`}@${offset};`;

export type PartitionState = {
  storeId: string;
  /** Next offset after what the store holds; undefined where it holds nothing of the partition. */
  stored: number | undefined;
  /** Which reading of the log the rows of this partition are of. */
  reading?: string | undefined;
  /** What the group has committed; undefined where nothing is. */
  committed: number | undefined;
  metadata: string | undefined;
  /** High watermark of the partition. */
  end: number;
};

/**
 * `rewind`: what the store took at or after the offset goes, then it is read again. `reading` is the one that the rows are of from then
 * on: undefined where a new one begins.
 */
export type StartOffset = { action: 'continue' | 'rewind'; offset: number; because: string; reading: string | undefined };

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
export function startOffset({ storeId, stored, reading, committed, metadata, end }: PartitionState): StartOffset {
  const [, committedBy, committedReading, committedAt] = marker.exec(metadata ?? '') ?? [];
  const goOn = (because: string): StartOffset => ({ action: 'continue', offset: stored ?? 0, because, reading });
  const goBack = (offset: number, because: string, to?: string): StartOffset => ({ action: 'rewind', offset, because, reading: to });
  // Another instance went on with the reading under way: this one catches up with it.
  if (stored === undefined) return goBack(0, 'the store holds nothing of this partition', committedReading);
  if (stored > end) return goBack(0, `the log ends at ${end}, before the store's position ${stored}`);
  if (committed === undefined) return goBack(0, 'the group has no committed offset: read as a reset to earliest');
  if (committedBy === storeId && Number(committedAt) === committed) return goOn('the store goes on where it was');
  if (metadata?.startsWith(markerPrefix) && committedBy !== storeId) {
    if (Number(committedAt) !== committed) return goBack(0, `the offset of another instance was reset to ${committed}`);
    if (committedReading === undefined || committedReading !== reading) {
      return goBack(0, 'another store committed the offset', committedReading);
    }
    return goOn('another instance went on with what this one had read');
  }
  // A store that holds nothing of it is of no reading: what comes is counted anew.
  if (committed === stored) return { ...goOn('the committed offset is where the store is'), ...(stored === 0 && { reading: undefined }) };
  if (committed < stored) return goBack(committed, `the offset was reset from ${stored} to ${committed}`);
  return goOn(`the offset was reset to ${committed}, but a view skips nothing`);
}

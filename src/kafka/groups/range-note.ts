/** A committed offset that is not in the log: what that means for whoever reads on. Pure. */

import { type Partition, partitionKey } from '../partition.ts';
import { deletedText } from './deleted-unread.ts';

type Offsets = Partition & {
  committed: number | undefined;
  /** First offset of the log; undefined where the broker did not tell. */
  first: number | undefined;
  /** High watermark. */
  end: number | undefined;
};

/** @returns one line for people; undefined where the next record to read is in the log, or comes next */
export function rangeNote({ topic, partition, committed, first, end }: Offsets, group: string): string | undefined {
  if (committed === undefined) return undefined;
  if (first !== undefined && committed < first) return deletedText([{ topic, partition, from: committed, to: first }], group);
  if (end === undefined || committed <= end) return undefined;
  return (
    `${group} has committed offset ${committed} of ${partitionKey({ topic, partition })}, which ends at ${end}: out of range, its lag is not known. ` +
    `Who reads on goes by auto.offset.reset: from the beginning again (earliest), or from the end (latest); where nobody reads, records up to offset ${committed - 1} will be missed. ` +
    `./lab offsets reset --group ${group} puts it right`
  );
}

/** Where a partition can be read again behind a batch that cannot be opened, for readers that can do without it. */

import type { BridgeConsumer } from '../bridge/bridge-consumer.ts';
import { ReplaygroundError } from '../errors.ts';
import { type PartitionOffset, partitionKey } from '../partition.ts';
import { isUnreadable } from '../stalls/unreadable.ts';

const limits = { maxRecords: 1, maxBytes: 1, withinMs: 50, untilEnd: true };
const deadlineMs = 10_000;

/**
 * The client tells where a batch begins, never where it ends, so offsets behind it are tried: in steps that double, then by halves. Where
 * two such batches stand near each other, what is between them may be passed over too.
 * @param consumer see `connectReader`; it is left reading somewhere in this partition
 * @param at an offset in the batch
 * @param end of the partition
 * @returns the first offset that can be read; `end` where none can
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`, `read-stalled`
 */
export async function readableFrom(consumer: BridgeConsumer, at: PartitionOffset, end: number): Promise<number> {
  let broken = at.offset;
  let readable = end;
  for (let step = 1; broken + step < end; step *= 2) {
    if (await canRead(consumer, { ...at, offset: broken + step })) {
      readable = broken + step;
      break;
    }
    broken += step;
  }
  while (readable - broken > 1) {
    const middle = broken + Math.floor((readable - broken) / 2);
    if (await canRead(consumer, { ...at, offset: middle })) readable = middle;
    else broken = middle;
  }
  return Math.max(readable, at.offset);
}

async function canRead(consumer: BridgeConsumer, at: PartitionOffset): Promise<boolean> {
  await consumer.assign([at]);
  for (const until = Date.now() + deadlineMs; Date.now() < until; ) {
    const records = await consumer.consume(limits);
    // After the error the client goes astray, and may give records from the beginning.
    const isRead = records.count > 0 && records.offset(0) >= at.offset;
    const isBroken = records.errors.some(({ code }) => isUnreadable(code));
    const isEnd = records.ends.length > 0;
    records.release();
    if (isRead || isBroken || isEnd) return isRead || !isBroken;
  }
  throw new ReplaygroundError('read-stalled', `${partitionKey(at)} gives nothing at offset ${at.offset}`, { retriable: true });
}

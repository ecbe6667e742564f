/** Reads partitions up to the end they have now, with a reader that commits nothing and joins no group. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { errorOfCode } from '../admin/with-deadline.ts';
import type { BridgeConsumer } from '../bridge/bridge-consumer.ts';
import type { Mark } from '../bridge/load.ts';
import { reachConsumer } from '../bridge/reach.ts';
import type { RecordBatch } from '../bridge/record-batch.ts';
import type { ClientConfig } from '../client/connect.ts';
import { ReplaygroundError } from '../errors.ts';
import type { Range } from '../partition.ts';
import { isSamePartition, type PartitionOffset, partitionKey } from '../partition.ts';
import { endedAtUnreadableText, isUnreadable, type PassedOver, type Unreadable } from '../stalls/unreadable.ts';
import { readableFrom } from './pass-over.ts';

const limits = { maxRecords: 4000, maxBytes: 8 * 1024 * 1024, withinMs: 200, untilEnd: true };
/** The client tells of an end late, and a small topic is read at once: the first look is short, each one after it twice as long, up to the limit. */
const firstLookMs = 10;
/** Longer than any transaction of ours may stay open: what is still not readable then will not become so by waiting. */
const noProgressMs = 60_000;

/** What readers have in common, members of a group too: they tell where logs end, and hold so little that they must fill up again at once. */
export const committedReads = {
  'enable.auto.commit': false,
  'enable.partition.eof': true,
  'isolation.level': 'read_committed',
  // The client's default is a second.
  'fetch.queue.backoff.ms': 5,
};

/**
 * At the end of a log a broker holds a request back, and whatever the client reads next waits for that: half a second by the client's default. Who
 * reads on and on asks for the longer wait.
 */
const endWaitMs = 20;
/** For a reader that follows a topic: it has nothing else to do than to wait. */
export const followingReads = { 'fetch.wait.max.ms': 500 };

/**
 * @param config librdkafka's configuration; its `client.id` names the reader
 * @returns a reader of committed records that joins no group
 * @throws ReplaygroundError `kafka-unreachable`
 */
export const connectReader = (config: ClientConfig): Promise<BridgeConsumer> =>
  reachConsumer({
    'group.id': `${config['client.id']}-reader`,
    ...committedReads,
    'auto.offset.reset': 'earliest',
    // Some batches, not the client's default of 64 MB; larger records still come, one at a time (KIP-74).
    'queued.max.messages.kbytes': 4096,
    'fetch.message.max.bytes': 262_144,
    'fetch.wait.max.ms': endWaitMs,
    ...config,
  });

/**
 * A client that only asks where logs end: for it, the end is the high watermark. For a reader of committed records the client
 * answers with the last stable offset instead (measured, 1.10.1), which lies before a transaction that is still open.
 * @param config librdkafka's configuration; its `client.id` names the client
 */
export const connectForWatermarks = (config: ClientConfig): Promise<BridgeConsumer> =>
  connectReader({ ...config, 'isolation.level': 'read_uncommitted' });

export type ToEndOptions = {
  /** Where the ends are asked. By default the reader itself: a transaction that is open there is left out. With `connectForWatermarks` it
   *  is waited for. */
  askEnds?: BridgeConsumer;
  /** Told of what cannot be opened and is left out; without it, that is an error. */
  onPassedOver?: ((one: PassedOver) => void) | undefined;
};

/**
 * Reads from the given offsets up to the ends of the moment of the call.
 * @param consumer a reader, see `connectReader`
 * @param starts where to begin; an offset before the first record means the first
 * @param onRecords called with records in the order of each partition
 * @returns the next offset after what was read, by `partitionKey`: at least the end
 * @throws ReplaygroundError `read-stalled` when nothing comes for a minute; `kafka-error` where something cannot be read
 */
export async function readToEnd(
  consumer: BridgeConsumer,
  starts: readonly PartitionOffset[],
  onRecords: (records: Message[]) => void,
  { askEnds = consumer, onPassedOver }: ToEndOptions = {},
): Promise<Map<string, number>> {
  let ranges: Range[] = [];
  for (const { topic, partition, offset } of starts) {
    const { low, high } = await askEnds.watermarks({ topic, partition });
    ranges.push({ topic, partition, from: Math.max(offset, low), to: high });
  }
  const positions = new Map(ranges.map((range) => [partitionKey(range), range.from]));
  // A client that could not open a batch may give records before it once more.
  const isNew = (record: Message): boolean => record.offset >= (positions.get(partitionKey(record)) ?? 0);
  const take = (batch: RecordBatch): void => {
    const records = batch.copies().filter(isNew);
    for (const record of records) positions.set(partitionKey(record), record.offset + 1);
    onRecords(records);
  };
  while (ranges.length > 0) {
    const unreadable: Unreadable[] = [];
    const reached = await readUpTo(consumer, ranges, take, onPassedOver && ((one) => unreadable.push(one)));
    for (const [key, offset] of reached) positions.set(key, Math.max(offset, positions.get(key) ?? 0));
    const open = ranges;
    ranges = [];
    for (const one of unreadable) {
      const end = open.find((range) => partitionKey(range) === partitionKey(one))?.to ?? one.offset;
      const to = await readableFrom(consumer, one, end);
      onPassedOver?.({ ...one, to });
      positions.set(partitionKey(one), Math.max(to, positions.get(partitionKey(one)) ?? 0));
      ranges.push({ topic: one.topic, partition: one.partition, from: to, to: end });
    }
  }
  return positions;
}

/**
 * Reads up to ends that are known already; transactions that are open before an end are waited for.
 * @param consumer a reader, see `connectReader`
 * @param ranges at most one per partition
 * @param onBatch called with records in the order of each partition, also with some from behind the ends; their memory is taken back afterwards
 * @param onUnreadable told of a partition that cannot be read on, which ends there; without it, that is an error
 * @returns the next offset after what was read, by `partitionKey`: at least `to`
 * @throws ReplaygroundError `read-stalled` when nothing comes for a minute; `kafka-error` where something cannot be read
 */
export async function readUpTo(
  consumer: BridgeConsumer,
  ranges: readonly Range[],
  onBatch: (records: RecordBatch) => void,
  onUnreadable?: (one: Unreadable) => void,
): Promise<Map<string, number>> {
  const positions = new Map(ranges.map((range) => [partitionKey(range), range.from]));
  const left = new Set<string>();
  const open = ranges.filter(({ from, to }) => from < to);
  if (open.length === 0) return positions;
  await consumer.assign(open.map(({ topic, partition, from }) => ({ topic, partition, offset: from })));
  let lastProgress = Date.now();
  let withinMs = firstLookMs;
  const isBehind = (range: Range): boolean => !left.has(partitionKey(range)) && (positions.get(partitionKey(range)) ?? 0) < range.to;
  while (open.some(isBehind)) {
    const records = await consumer.consume({ ...limits, withinMs });
    withinMs = Math.min(2 * withinMs, limits.withinMs);
    for (const position of records.nextOffsets()) {
      const key = partitionKey(position);
      positions.set(key, Math.max(position.offset, positions.get(key) ?? 0));
    }
    // Before what is said of the errors: it was read before them.
    if (records.count > 0) {
      onBatch(records);
      lastProgress = Date.now();
    }
    const found = left.size;
    for (const error of records.errors) {
      const { topic, partition, code, text } = error;
      // What is broken behind the end is not asked for.
      if (open.some((range) => isSamePartition(range, error) && !isBehind(range))) continue;
      const one = { topic, partition, offset: positions.get(partitionKey(error)) ?? 0, cause: text };
      if (!onUnreadable || !isUnreadable(code)) throw unread(error, one.offset);
      if (left.has(partitionKey(one))) continue;
      left.add(partitionKey(one));
      onUnreadable(one);
    }
    // The client might go on behind such a batch.
    if (left.size > found) {
      const rest = open.filter(isBehind);
      await consumer.assign(
        rest.map(({ topic, partition, from }) => ({ topic, partition, offset: positions.get(partitionKey({ topic, partition })) ?? from })),
      );
    }
    if (Date.now() - lastProgress > noProgressMs) {
      const places = open
        .filter(isBehind)
        .map((range) => `${partitionKey(range)} at offset ${positions.get(partitionKey(range))}, before ${range.to}`);
      throw new ReplaygroundError('read-stalled', `nothing more to read for ${noProgressMs / 1000} s: ${places.join('; ')}`, {
        retriable: true,
      });
    }
    records.release();
  }
  await consumer.unassign();
  return positions;
}

/**
 * @param error of a batch
 * @param offset where its partition was to be read on
 * @returns `kafka-error` with the place, and with the way past it where that is a batch that cannot be opened
 */
export function unread(error: Mark, offset: number): Error {
  const { topic, partition, code, text } = error;
  if (isUnreadable(code)) return errorOfCode('read on', { code, text: endedAtUnreadableText({ topic, partition, offset, cause: text }) });
  return errorOfCode(`read ${topic === '' ? 'records' : partitionKey(error)}`, error);
}

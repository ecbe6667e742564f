/** Records as users of the library see them: plain objects that may be kept. */
import type { BatchWriter } from '../bridge/batch-writer.ts';
import type { RecordBatch } from '../bridge/record-batch.ts';

/** A record that was read. Its bytes are its own. */
export type ReceivedRecord = {
  topic: string;
  partition: number;
  offset: number;
  /** Epoch milliseconds; undefined where the record has none. */
  timestamp: number | undefined;
  key: Buffer | null;
  value: Buffer | null;
  headers: readonly (readonly [name: string, value: Buffer | null])[];
};

/** A record to be written. */
export type RecordToSend = {
  /** One of the topics that were named; the first where nothing is said. */
  topic?: string;
  /** Says the partition, by murmur2 as in Java's client; without a key any will do. */
  key?: string | Buffer | null;
  /** Null is a tombstone. */
  value: string | Buffer | null;
  headers?: readonly (readonly [name: string, value: string | Buffer | null])[];
  /** Instead of the one that the key says. */
  partition?: number;
  /** Epoch milliseconds; now where nothing is said. */
  timestamp?: number;
};

/** @returns record `i` with its own memory */
export function receivedRecord(records: RecordBatch, i: number): ReceivedRecord {
  const own = (bytes: Buffer | null): Buffer | null => bytes && Buffer.from(bytes);
  const timestamp = records.timestamp(i);
  return {
    topic: records.topic(i),
    partition: records.partition(i),
    offset: records.offset(i),
    timestamp: timestamp < 0 ? undefined : timestamp,
    key: own(records.key(i)),
    value: own(records.value(i)),
    headers: records.headers(i).map(([name, value]) => [name, own(value)] as const),
  };
}

/** Adds a record to what is written; `topic` is the number of its topic there. */
export function writeRecord(out: BatchWriter, topic: number, record: RecordToSend): void {
  const { key = null, value, headers, partition = null, timestamp } = record;
  out.write({ topic, partition, key, value, ...(headers && { headers }), ...(timestamp !== undefined && { timestamp }) });
}

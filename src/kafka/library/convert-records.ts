/** Turns records of the bridge into those of the library, and back. */
import type { BatchWriter } from '../bridge/batch-writer.ts';
import type { RecordBatch } from '../bridge/record-batch.ts';
import type { ReceivedRecord, RecordToSend } from './records.ts';

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

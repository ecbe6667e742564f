/** Whether the contenders of `produce` wrote the same: as many bytes a record, and orders that the next service takes. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { decodeOrder } from '../src/pipeline/events/order-placed.ts';
import type { Check } from './result.ts';
import { readCommitted } from './topic-log.ts';

/** Records that have the same fields differ by a digit or two of an id. */
const sizeTolerance = 0.02;

/** What one contender wrote in its first round: reading a topic back takes as long as writing it, so one has to do. */
export type Written = { name: string; bytesPerRecord: number; unreadable: number; records: number };

/** Reads a whole topic. */
export async function readWritten(brokers: string, topic: string): Promise<Omit<Written, 'name'>> {
  let records = 0;
  let bytes = 0;
  let unreadable = 0;
  await readCommitted(brokers, topic, (record) => {
    records += 1;
    bytes += Buffer.byteLength(payload(record));
    if (!decodeOrder(record.key as Buffer | null, record.value).ok) unreadable += 1;
  });
  return { records, bytesPerRecord: bytes / records, unreadable };
}

/** @returns key, headers and value as one text */
export const payload = ({ key, value, headers }: Message): string =>
  [value, key ?? '', ...(headers ?? []).flatMap((header) => Object.entries(header).flat())].map(String).join('');

/** @param written ours first */
export function sameSize(written: readonly Written[]): Check {
  const ours = written[0]?.bytesPerRecord ?? Number.NaN;
  return {
    claim: 'all contenders wrote records of the same size',
    held: written.every(({ bytesPerRecord }) => Math.abs(bytesPerRecord / ours - 1) <= sizeTolerance),
    detail: written
      .map(({ name, bytesPerRecord }) => `${name}: ${bytesPerRecord.toFixed(1)} bytes of key, headers and value a record`)
      .join('; '),
  };
}

/** @param written of those who write orders */
export const allReadable = (written: readonly Written[]): Check => ({
  claim: 'every record of ours and of Python is an order that inventory-service takes',
  held: written.every(({ unreadable }) => unreadable === 0),
  detail: written.map(({ name, records, unreadable }) => `${name}: ${records - unreadable} of ${records}`).join('; '),
});

/** A record as far as the view needs it. */
import type { RecordBatch } from '../../kafka/bridge/record-batch.ts';
import { deadLetter } from '../../kafka/dead-letters/build-letter.ts';
import type { DeadLetterWriter } from '../../kafka/dead-letters/write-letters-once.ts';
import type { Output } from '../../kafka/record/output.ts';
import { decodeInventoryEvent, type InventoryEvent } from '../events/inventory-event.ts';
import { decodeOrder, type OrderPlaced } from '../events/order-placed.ts';
import type { Place } from './view.ts';

/** Where it stands, and what it says; no event for one that cannot be read. */
export type Entry = { place: Place; order?: OrderPlaced; outcome?: InventoryEvent; letter?: Output };

export type DecodeOptions = { ordersTopic: string; groupId: string; deadLetters: Pick<DeadLetterWriter, 'isWritten'> };

/** @returns the record `i` of the batch; nothing of the batch's memory is kept */
export function decodeEntry(records: RecordBatch, i: number, { ordersTopic, groupId, deadLetters }: DecodeOptions): Entry {
  const place = { topic: records.topic(i), partition: records.partition(i), offset: records.offset(i) };
  const [key, value] = [records.key(i), records.value(i)];
  if (place.topic === ordersTopic) {
    const order = decodeOrder(key, value);
    return order.ok ? { place, order: order.event } : { place };
  }
  const outcome = decodeInventoryEvent(key, value);
  if (outcome.ok) return { place, outcome: outcome.event };
  const record = records.copyOf(i);
  return deadLetters.isWritten(record) ? { place } : { place, letter: deadLetter(record, outcome, groupId, new Date()) };
}

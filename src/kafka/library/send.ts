/** Sends records as they are. */

import { sendRecords } from '../producer/send-records.ts';
import { clientHeader } from '../record/headers.ts';
import type { Output } from '../record/output.ts';
import { type Connection, libraryConfig } from './connection.ts';
import type { RecordToSend } from './records.ts';

/**
 * @param kafka where to
 * @param topic of records that name none themselves
 * @param records in their order within a partition; acknowledged by all replicas, none twice
 * @returns where each of them is now
 * @throws ReplaygroundError the first refusal; records before and after it may be in the log
 */
export async function send(
  kafka: Connection,
  topic: string,
  records: readonly RecordToSend[],
): Promise<{ partition: number; offset: number }[]> {
  const places: { partition: number; offset: number }[] = [];
  const outputs = records.map(({ topic: own = topic, key = null, value, headers, partition = null, timestamp }): Output => {
    const bytes = (part: string | Buffer | null): Buffer | null => (typeof part === 'string' ? Buffer.from(part) : part);
    return {
      topic: own,
      partition,
      key: bytes(key),
      value: bytes(value),
      timestamp,
      ...(headers && { headers: headers.map(clientHeader) }),
    };
  });
  const outcomes = await sendRecords(libraryConfig(kafka, 'replayground'), outputs, (index, place) => {
    places[index] = place;
  });
  const refused = outcomes.find((outcome) => outcome !== undefined);
  if (refused) throw refused;
  return places;
}

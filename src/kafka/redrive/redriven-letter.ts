/** A dead letter on its way back to its topic, or to the parking topic once it has tried often enough: what goes along, what is taken off. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { parkingTopic } from '../admin/side-topics.ts';
import { deadLetterInfo, ownHeaders, parkedHeaderPrefix, redrivenFromHeader, redrivesHeader } from '../dead-letters/read-letter-headers.ts';
import { clientHeader, type HeaderPair, headerPairs } from '../record/headers.ts';
import type { Output } from '../record/output.ts';

export type Redrive = { kind: 'send-back' | 'park'; output: Output } | { kind: 'leave-out'; why: string };

/**
 * Key, bytes, timestamp and the record's own headers stay; a record with a key goes where its key belongs, one without goes back to
 * its partition. Beyond the cap a letter is parked as it is, with its error headers: `<dead-letter topic>.parked`.
 * @param record a dead letter
 * @param maxRedrives how often a record may be sent back
 * @param at when, for letters that are parked
 * @returns what to send, or why it is not sent
 */
export function redrive(record: Message, maxRedrives: number, at: Date): Redrive {
  const { topic, partition, offset, redrives, parkedFrom, cut, recordTime } = deadLetterInfo(record);
  if (topic === undefined) return { kind: 'leave-out', why: 'no header says which topic it comes from' };
  if (cut !== undefined) {
    return {
      kind: 'leave-out',
      why: `it is not whole (${cut.lost} was cut): the record is ${topic}/${partition ?? '-'} offset ${offset ?? '-'}`,
    };
  }
  const key = (record.key as Buffer | null | undefined) ?? null;
  const { value } = record;
  const timestamp = recordTime === undefined ? record.timestamp : Number(recordTime);
  if (redrives < maxRedrives) {
    const sent: HeaderPair[] = [
      [redrivesHeader, String(redrives + 1)],
      [redrivenFromHeader, letterName(record)],
    ];
    const headers = [...ownHeaders(record), ...sent].map(clientHeader);
    return { kind: 'send-back', output: { topic, partition: key === null ? (partition ?? 0) : null, key, value, headers, timestamp } };
  }
  const why = `it was sent back ${redrives} times already`;
  if (parkedFrom !== undefined) return { kind: 'leave-out', why };
  const parked: HeaderPair[] = [
    [`${parkedHeaderPrefix}letter`, letterName(record)],
    [`${parkedHeaderPrefix}at`, at.toISOString()],
  ];
  const headers = [...headerPairs(record.headers), ...parked].map(clientHeader);
  const output = { topic: parkingTopic(record.topic), partition: 0, key, value, headers, timestamp: record.timestamp };
  return { kind: 'park', output };
}

/** @returns how people name a letter: `partition:offset` */
export const letterName = ({ partition, offset }: Pick<Message, 'partition' | 'offset'>): string => `${partition}:${offset}`;

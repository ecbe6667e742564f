/** Waits, for a moment, until letters that were sent back are read, and tells what became of each. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { Kafka } from '../dead-letters/read-letters.ts';
import { connectForWatermarks, connectReader, readToEnd } from '../reading/read-to-end.ts';
import { type Fate, fateOf, type ReadUpTo, type SentBack } from './sent-back-notes.ts';

export type Sent = { record: Message; note: SentBack };
type Reader = (topic: string) => string | undefined;

/** As long as somebody waits who has sent a letter back (ms). */
const patienceMs = 10_000;
const pollMs = 100;

/**
 * Call before the letters are sent: what died before is none of them.
 * @param topics their dead-letter topics
 * @returns waits and tells the fates; of letters whose topic no known group reads, only that they were sent
 */
export async function followLetters(
  { inspector, config }: Kafka,
  topics: readonly string[],
): Promise<(sent: readonly Sent[], readerOf: Reader) => Promise<Map<Message, Fate>>> {
  const starts = (await inspector.ask('offsets', await inspector.ask('partitionsOf', topics), 'latest')).map(
    ({ topic, partition, offset }) => ({ topic, partition, offset: offset ?? 0 }),
  );
  return async (sent, readerOf) => {
    const groups = new Map(sent.map(({ note }) => [note.topic, readerOf(note.topic)]));
    const readUpTo = new Map<string, ReadUpTo[]>();
    const isRead = ({ note }: Sent): boolean =>
      groups.get(note.topic) === undefined || fateOf(note, [], readUpTo.get(note.topic) ?? []).kind === 'in';
    for (const until = Date.now() + patienceMs; sent.length > 0; await sleep(pollMs)) {
      for (const [topic, group] of groups) {
        if (group !== undefined) readUpTo.set(topic, await inspector.ask('committed', group, false));
      }
      if (sent.every(isRead) || Date.now() > until) break;
    }
    const later = [...groups.values()].some((group) => group !== undefined) ? await lettersFrom(starts) : [];
    return new Map(sent.map(({ record, note }) => [record, fateOf(note, ofTopic(later, record.topic), commitsOf(note.topic))]));

    function commitsOf(topic: string): ReadUpTo[] | undefined {
      return groups.get(topic) === undefined ? undefined : readUpTo.get(topic);
    }
  };

  async function lettersFrom(from: typeof starts): Promise<Message[]> {
    await using reader = await connectReader({ ...config, 'client.id': 'lab-dlq' });
    // A letter is in its transaction with the commit, but readable a moment later.
    await using ends = await connectForWatermarks({ ...config, 'client.id': 'lab-dlq-ends' });
    const records: Message[] = [];
    await readToEnd(reader, from, (chunk) => void records.push(...chunk), { askEnds: ends });
    return records;
  }
}

const ofTopic = (records: readonly Message[], topic: string): Message[] => records.filter((record) => record.topic === topic);

/** The newest dead letters with what became of those that were sent back: one list for the command and for the page. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { deadLetterInfo } from '../dead-letters/read-letter-headers.ts';
import { type Kafka, newestLetters } from '../dead-letters/read-letters.ts';
import { letterName } from './redriven-letter.ts';
import { type Fate, fateOf, noteKey, readSentBack } from './sent-back-notes.ts';

export type ListedLetter = { record: Message; fate: Fate | undefined };

/**
 * @param topics dead-letter topics
 * @param limit how many
 * @param readerOf the group that reads a topic, of letters in such a topic; undefined where none is known
 * @returns the newest, the oldest of them first; how many there are in all, or null where not all were looked at
 */
export async function listLetters(
  kafka: Kafka,
  topics: readonly string[],
  limit: number,
  readerOf: (topic: string, letters: string) => string | undefined,
): Promise<{ letters: ListedLetter[]; total: number | null }> {
  const { records, complete } = await newestLetters(kafka, topics, limit);
  records.sort((a, b) => diedAtMs(a) - diedAtMs(b) || a.offset - b.offset);
  const shown = records.slice(-limit);
  const oldest = shown.reduce((least, record) => Math.min(least, diedAtMs(record)), Date.now());
  const notes = shown.length === 0 ? new Map() : await readSentBack(kafka, topics, oldest);
  const groups = [...new Set(topics.flatMap((letters) => [...notes.values()].map(({ topic }) => readerOf(topic, letters))))].filter(
    (group) => group !== undefined,
  );
  const commits = new Map(
    await Promise.all(groups.map(async (group) => [group, await kafka.inspector.ask('committed', group, false)] as const)),
  );
  const letters = shown.map((record): ListedLetter => {
    const note = notes.get(noteKey(record.topic, letterName(record)));
    if (note === undefined) return { record, fate: undefined };
    const later = records.filter((one) => one.topic === record.topic);
    return { record, fate: fateOf(note, later, commits.get(readerOf(note.topic, record.topic) ?? '')) };
  });
  return { letters, total: complete ? records.length : null };
}

/** Connect, Streams and Spring do not say when, and what a letter says may be no date: then the time of the record itself. */
function diedAtMs(record: Message): number {
  const at = Date.parse(deadLetterInfo(record).at ?? '');
  return Number.isNaN(at) ? (record.timestamp ?? 0) : at;
}

/** What became of letters that were sent back: a note of each beside its topic, and what the log says since. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import Type, { type Static } from 'typebox';
import Compile from 'typebox/compile';
import { ensureTopics } from '../admin/admin.ts';
import { sentBackTopicSpec } from '../admin/side-topics.ts';
import { type ClientConfig, connectAdmin } from '../client/connect.ts';
import { deadLetterInfo } from '../dead-letters/read-letter-headers.ts';
import type { Kafka } from '../dead-letters/read-letters.ts';
import { bodyOf, writeNotes } from '../notes/notes.ts';
import { isSamePartition } from '../partition.ts';
import { connectReader, readToEnd } from '../reading/read-to-end.ts';
import { letterName } from './redriven-letter.ts';

/** Where a letter went: `letter` is `partition:offset` in its dead-letter topic. */
const SentBack = Type.Object({
  letter: Type.String(),
  topic: Type.String(),
  partition: Type.Integer(),
  offset: Type.Integer(),
  at: Type.String(),
});
export type SentBack = Static<typeof SentBack>;
const schema = Compile(SentBack);

/** By `<dead-letter topic> <partition:offset>`; the last time counts. */
export type Notes = ReadonlyMap<string, SentBack>;
export const noteKey = (letters: string, letter: string): string => `${letters} ${letter}`;

/** Writes the notes of one dead-letter topic; each replaces the one before on the same letter. */
export async function noteSentBack(config: ClientConfig, letters: string, notes: readonly SentBack[]): Promise<void> {
  const spec = sentBackTopicSpec(letters);
  {
    using admin = connectAdmin(config);
    await ensureTopics(admin.client, [spec]);
  }
  await writeNotes(
    config,
    spec.name,
    notes.map((note) => ({ key: note.letter, body: note })),
  );
}

/**
 * @param topics dead-letter topics
 * @param sinceMs when the oldest letter died that is asked about: nothing was sent back before (epoch ms)
 */
export async function readSentBack({ inspector, config }: Kafka, topics: readonly string[], sinceMs: number): Promise<Notes> {
  const lettersOf = new Map(topics.map((letters) => [sentBackTopicSpec(letters).name, letters]));
  const partitions = await inspector.ask('partitionsOf', [...lettersOf.keys()]);
  const notes = new Map<string, SentBack>();
  if (partitions.length === 0) return notes;
  const starts = await inspector.ask('offsets', partitions, Math.max(0, sinceMs));
  const from = starts.flatMap(({ topic, partition, offset }) => (offset === undefined || offset < 0 ? [] : [{ topic, partition, offset }]));
  await using reader = await connectReader({ ...config, 'client.id': 'lab-dlq' });
  await readToEnd(reader, from, (records) => {
    for (const record of records) {
      const note = bodyOf(record);
      if (schema.Check(note)) notes.set(noteKey(lettersOf.get(record.topic) ?? '', note.letter), note);
    }
  });
  return notes;
}

/** How far a group has read a partition. */
export type ReadUpTo = { topic: string; partition: number; offset: number };

/** `rejected`: it died again, `as` that letter; `in`: its group read it and found nothing wrong; `sent`: nobody says. */
export type Fate = { kind: 'rejected'; as: string; reason: string | undefined } | { kind: 'in' | 'unread' | 'sent' };

/**
 * @param note where it went
 * @param later letters of the same topic
 * @param readUpTo commits of the group that reads the topic; undefined where that is not known
 */
export function fateOf(note: SentBack, later: readonly Message[], readUpTo: readonly ReadUpTo[] | undefined): Fate {
  const again = later.find((letter) => {
    const { topic, partition, offset } = deadLetterInfo(letter);
    return topic === note.topic && partition === note.partition && offset === note.offset;
  });
  if (again) return { kind: 'rejected', as: letterName(again), reason: deadLetterInfo(again).reason };
  if (readUpTo === undefined) return { kind: 'sent' };
  const read = readUpTo.find((one) => isSamePartition(one, note));
  return { kind: (read?.offset ?? 0) > note.offset ? 'in' : 'unread' };
}

/** @returns the fate in a few words */
export function fateText(fate: Fate): string {
  if (fate.kind === 'rejected') return `rejected again: ${fate.as}${fate.reason === undefined ? '' : ` (${fate.reason})`}`;
  return { in: 'accepted', unread: 'not read yet', sent: 'sent' }[fate.kind];
}

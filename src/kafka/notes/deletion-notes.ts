/**
 * What a group never read because it was deleted, noted for good beside the runtime settings, before the group reads on: afterwards
 * nothing in the log tells it any more.
 */

import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import Type from 'typebox';
import Compile from 'typebox/compile';
import { labSettingsTopic } from '../admin/side-topics.ts';
import type { BridgeConsumer } from '../bridge/bridge-consumer.ts';
import type { ClientConfig } from '../client/connect.ts';
import { type DeletedUnread, merged } from '../groups/deleted-unread.ts';
import { readToEnd } from '../reading/read-to-end.ts';
import type { PassedOver } from '../stalls/unreadable.ts';
import { bodyOf, writeNotes } from './notes.ts';

const Note = Type.Object({
  group: Type.String(),
  topic: Type.String(),
  topicId: Type.String(),
  partition: Type.Integer({ minimum: 0 }),
  from: Type.Integer({ minimum: 0 }),
  to: Type.Integer({ minimum: 0 }),
});
const schema = Compile(Note);
const keyPrefix = 'deleted unread: ';

/** Ids of topics by name: one that was made anew is another log. */
export type TopicIds = ReadonlyMap<string, string>;

/**
 * Settles when the broker has them.
 * @param group who did not read them
 * @throws ReplaygroundError `refused`, `kafka-error`, `kafka-unreachable`, `kafka-deadline`
 */
export async function noteDeletions(
  config: ClientConfig,
  group: string,
  ids: TopicIds,
  deletions: readonly DeletedUnread[],
): Promise<void> {
  const at = new Date().toISOString();
  // Each has a key of its own, the same one when it is written again.
  const notes = deletions.map(({ topic, partition, from, to }) => {
    const topicId = ids.get(topic) ?? '';
    const key = `${keyPrefix}${group} ${topic} ${topicId} ${partition} ${from}-${to}`;
    return { key, body: { group, topic, topicId, partition, from, to, at } };
  });
  await writeNotes(config, labSettingsTopic, notes);
}

/**
 * @param reader see `connectReader`
 * @param group who did not read them
 * @param ids of the topics as they are now: notes about others are left out
 * @param onPassedOver told of notes that cannot be opened; without it, that is an error
 * @returns what was noted, without overlaps
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`, `read-stalled`
 */
export async function readDeletions(
  reader: BridgeConsumer,
  group: string,
  ids: TopicIds,
  onPassedOver?: (one: PassedOver) => void,
): Promise<DeletedUnread[]> {
  const found: DeletedUnread[] = [];
  const take = (records: Message[]): void => {
    for (const record of records) {
      const note = record.key?.toString().startsWith(keyPrefix) ? bodyOf(record) : undefined;
      if (!schema.Check(note) || note.group !== group || ids.get(note.topic) !== note.topicId) continue;
      found.push({ topic: note.topic, partition: note.partition, from: note.from, to: note.to });
    }
  };
  await readToEnd(reader, [{ topic: labSettingsTopic, partition: 0, offset: 0 }], take, { onPassedOver });
  return merged(found);
}

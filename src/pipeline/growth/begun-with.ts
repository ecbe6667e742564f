/** With how many partitions of orders a log was begun: noted once, beside the runtime settings, before anything is decided in it. */

import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import Type from 'typebox';
import Compile from 'typebox/compile';
import { labSettingsTopic } from '../../kafka/admin/side-topics.ts';
import type { TopicFacts } from '../../kafka/admin/topic-change.ts';
import type { BridgeConsumer } from '../../kafka/bridge/bridge-consumer.ts';
import type { ClientConfig } from '../../kafka/client/connect.ts';
import { bodyOf, writeNotes } from '../../kafka/notes/notes.ts';
import { readToEnd } from '../../kafka/reading/read-to-end.ts';
import { RefusedError } from '../../kafka/stalls/refusals.ts';
import type { PassedOver } from '../../kafka/stalls/unreadable.ts';

/**
 * @param config librdkafka's configuration
 * @param reader see `connectForWatermarks`: a transaction that a stranger left open hides no note then
 * @param topic whose note: it is about this topic id, so one that was made anew begins again
 * @param partitions the number of now
 * @param onLost told, for people, that the note may have been in a batch that cannot be opened, or is refused
 * @returns the number that was noted first: that of now where none was
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`, `read-stalled`
 */
async function begunWith(
  config: ClientConfig,
  reader: BridgeConsumer,
  topic: TopicFacts,
  partitions: number,
  onLost: (text: string) => void,
): Promise<number> {
  const key = `partitions of ${topic.name} ${topic.id}`;
  const { noted, passedOver } = await readNote(reader, key);
  if (noted !== undefined) return noted;
  if (passedOver) onLost(lostNoteText(topic, partitions, passedOver));
  try {
    await writeNotes(config, labSettingsTopic, [{ key, body: { partitions } }]);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    onLost(`${error.message}. With how many partitions ${topic.name} was begun stands nowhere then: do not add any until it does`);
  }
  // Another instance may have been first, and with another number.
  return (await readNote(reader, key)).noted ?? partitions;
}

/**
 * @param topics the orders, and the decisions on them, which may be older
 * @returns how many partitions of orders there were when the older of both logs was begun, see `begunWith`
 */
export async function partitionsAtFirst(
  config: ClientConfig,
  reader: BridgeConsumer,
  { orders, inventory }: { orders: TopicFacts; inventory: TopicFacts },
  onLost: (text: string) => void,
): Promise<number> {
  const noted = await begunWith(config, reader, orders, orders.partitions, onLost);
  return noted === orders.partitions ? await begunWith(config, reader, inventory, orders.partitions, onLost) : noted;
}

type Found = { noted?: number | undefined; passedOver?: PassedOver };

async function readNote(reader: BridgeConsumer, key: string): Promise<Found> {
  const found: Found = {};
  const take = (records: Message[]): void => {
    for (const record of records) if (record.key?.toString() === key) found.noted ??= partitionsIn(bodyOf(record));
  };
  await readToEnd(reader, [{ topic: labSettingsTopic, partition: 0, offset: 0 }], take, {
    onPassedOver: (one) => {
      found.passedOver = one;
    },
  });
  return found;
}

const lostNoteText = ({ name }: TopicFacts, partitions: number, { topic, partition, offset, to, cause }: PassedOver): string =>
  `with how many partitions ${name} was begun may have stood in ${topic}/${partition}, offsets ${offset} to ${to - 1}, which cannot be read: ${cause}. ` +
  `It is taken to have been ${partitions}, as now. Where partitions were added before, orders may be decided twice until both topics are made anew`;

const schema = Compile(Type.Object({ partitions: Type.Integer() }));

const partitionsIn = (body: unknown): number | undefined => (schema.Check(body) ? body.partitions : undefined);

/** Dead letters as `./lab dlq` names and shows them. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { deadLetterTopic, parkingTopic, shareLetterTopic } from '../../kafka/admin/side-topics.ts';
import { deadLetterInfo } from '../../kafka/dead-letters/read-letter-headers.ts';
import { lettersAt } from '../../kafka/dead-letters/read-letters.ts';
import { recordJson, textOf } from '../../kafka/record/show-record.ts';
import { letterName } from '../../kafka/redrive/redriven-letter.ts';
import { usageError } from '../../lab/terminal/exit-codes.ts';
import type { Answer } from '../answers/answer-table.ts';
import type { KafkaClients } from '../client/kafka-clients.ts';

/** `order-events` and `order-events.dlq` both mean the dead letters of `order-events`; `notifications` those of its share group. */
const lettersOf = (topic: string): string => (topic.endsWith(deadLetterTopic('')) ? topic : deadLetterTopic(topic));

/**
 * @param topic as typed; a topic of any other name is taken as it is, since others call their dead-letter topics as they like
 * @param parked whether the letters that are parked are meant
 * @returns the topic that holds the letters
 * @throws ReplaygroundError `usage` where there is none
 */
export async function letterTopic({ inspector }: KafkaClients, topic: string, parked = false): Promise<string> {
  const names = parked ? [parkingTopic(lettersOf(topic))] : [lettersOf(topic), shareLetterTopic(topic), topic];
  const there = await inspector.ask('partitionsOf', names);
  const found = names.find((name) => there.some((one) => one.topic === name));
  if (found !== undefined) return found;
  throw usageError(parked ? `nothing is parked: there is no topic '${names[0]}'` : `there is no topic '${names[0]}'`);
}

/**
 * @param letters a dead-letter topic
 * @param positions `partition:offset` as typed
 * @throws ReplaygroundError `usage` where one is not there
 */
export async function findLetters(kafka: KafkaClients, letters: string, positions: readonly string[]): Promise<Message[]> {
  const wrong = positions.find((position) => !/^\d+:\d+$/.test(position));
  if (wrong !== undefined) throw usageError(`${wrong} is not allowed: partition:offset, such as 0:17`);
  const found = await lettersAt(kafka, letters, positions);
  return positions.map((position) => {
    const record = found.get(position);
    if (!record) throw usageError(`there is no dead letter ${position} in ${letters}: ./lab dlq list shows them`);
    return record;
  });
}

/** @returns the key for a table */
export const keyCell = ({ key }: Message): string | undefined => textOf(key) ?? undefined;

/** @returns where the record of a letter stands, `topic/partition/offset` */
export function placeOf(record: Message): string | undefined {
  const { topic, partition, offset } = deadLetterInfo(record);
  return topic === undefined ? undefined : `${topic}/${partition ?? '-'}/${offset ?? '-'}`;
}

/** @returns the letter for programs */
export const letterJson = (record: Message): Answer<'dlq-show'> => ({
  id: letterName(record),
  ...deadLetterInfo(record),
  letter: recordJson(record),
});

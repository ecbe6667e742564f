/** Dead letters as `./lab dlq` names and shows them. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { deadLetterTopic } from '../events/topics.ts';
import { readDeadLetters } from '../kafka/dead-letter-topics.ts';
import { deadLetterInfo } from '../kafka/redrive.ts';
import { oneLine, recordJson, textOf } from '../kafka/show-record.ts';
import { usageError } from './exit-codes.ts';
import type { KafkaClients } from './kafka-clients.ts';

const suffix = '.dlq';

/** `order-events` and `order-events.dlq` both mean the dead letters of `order-events`. */
const lettersOf = (topic: string): string => (topic.endsWith(suffix) ? topic : deadLetterTopic(topic));

/**
 * @returns the dead-letter topic of `topic`
 * @throws ReplaygroundError `usage` where there is none
 */
export async function letterTopic({ inspector }: KafkaClients, topic: string): Promise<string> {
  const letters = lettersOf(topic);
  if ((await inspector.ask('partitionsOf', [letters])).length === 0) throw usageError(`there is no topic '${letters}'`);
  return letters;
}

/**
 * @param letters a dead-letter topic
 * @param positions `partition:offset` as typed
 * @throws ReplaygroundError `usage` where one is not there
 */
export async function findLetters(kafka: KafkaClients, letters: string, positions: readonly string[]): Promise<Message[]> {
  const { records } = await readDeadLetters(kafka, [letters], 'beginning');
  return positions.map((position) => {
    if (!/^\d+:\d+$/.test(position)) throw usageError(`${position} is not allowed: partition:offset, such as 0:17`);
    const record = records.find((one) => nameOf(one) === position);
    if (!record) throw usageError(`there is no dead letter ${position} in ${letters}: ./lab dlq list shows them`);
    return record;
  });
}

/** @returns how people name a letter: `partition:offset` */
export const nameOf = ({ partition, offset }: Message): string => `${partition}:${offset}`;

/** @returns the key for a table */
export const keyCell = ({ key }: Message): string | undefined => {
  const text = textOf(key);
  return text === null ? undefined : oneLine(text);
};

/** @returns the letter for programs */
export const letterJson = (record: Message): object => ({ ...deadLetterInfo(record), letter: recordJson(record) });

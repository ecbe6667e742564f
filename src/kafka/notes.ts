/** Notes: what nothing in the log would tell later, each under its key in a compacted topic of one partition, the last one of a key counts. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { ClientConfig } from './connect.ts';
import { refusal } from './dead-letters/send-conceding.ts';
import { sendRecords } from './send-records.ts';

export type Note = { key: string; body: object };

/**
 * Settles when the broker has all of them.
 * @param config librdkafka's configuration
 * @param topic compacted, of one partition
 * @throws ReplaygroundError `refused` with the setting that decides it; `kafka-error`, `kafka-unreachable`, `kafka-deadline`
 */
export async function writeNotes(config: ClientConfig, topic: string, notes: readonly Note[]): Promise<void> {
  const records = notes.map(({ key, body }) => ({ topic, partition: 0, key: Buffer.from(key), value: Buffer.from(JSON.stringify(body)) }));
  const error = (await sendRecords(config, records)).find((one) => one !== undefined);
  if (error) throw refusal([], [topic], error, [{ topic, partition: 0, offset: 0 }]);
}

/** @returns what a note says, to be checked by a schema; undefined for what is none: anybody may write to the topic, and must stop nobody */
export function bodyOf({ value }: Pick<Message, 'value'>): unknown {
  try {
    return value === null ? undefined : JSON.parse(value.toString());
  } catch {
    return undefined;
  }
}

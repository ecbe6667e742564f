/** Notes: what nothing in the log would tell later, each under its key in a compacted topic of one partition, the last one of a key counts. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { ClientConfig } from '../client/connect.ts';
import { refusal } from '../dead-letters/send-conceding.ts';
import { sendRecords } from '../producer/send-records.ts';
import { connectReader, readToEnd } from '../reading/read-to-end.ts';

/** `body`: null takes it back. */
export type Note = { key: string; body: object | null };

/**
 * Settles when the broker has all of them.
 * @param config librdkafka's configuration
 * @param topic compacted, of one partition
 * @throws ReplaygroundError `refused` with the setting that decides it; `kafka-error`, `kafka-unreachable`, `kafka-deadline`
 */
export async function writeNotes(config: ClientConfig, topic: string, notes: readonly Note[]): Promise<void> {
  const records = notes.map(({ key, body }) => ({
    topic,
    partition: 0,
    key: Buffer.from(key),
    value: body && Buffer.from(JSON.stringify(body)),
  }));
  const error = (await sendRecords(config, records)).find((one) => one !== undefined);
  if (error) throw refusal([], [topic], error, [{ topic, partition: 0, offset: 0 }]);
}

/** A transaction that a stranger left open in the topic must hide nothing. */
export const readingNotes = { 'isolation.level': 'read_uncommitted' } as const;

/**
 * What cannot be opened is left out.
 * @param config librdkafka's configuration
 * @param topic compacted, of one partition
 * @returns what the last note under that key says, as by `bodyOf`
 * @throws ReplaygroundError those of `readToEnd`
 */
export async function readNote(config: ClientConfig, topic: string, key: string): Promise<unknown> {
  await using reader = await connectReader({ ...config, ...readingNotes });
  let last: Message | undefined;
  const take = (records: Message[]): void => {
    last = records.findLast((record) => record.key?.toString() === key) ?? last;
  };
  await readToEnd(reader, [{ topic, partition: 0, offset: 0 }], take, { onPassedOver: () => {} });
  return last && bodyOf(last);
}

/** @returns what a note says, to be checked by a schema; undefined for what is none: anybody may write to the topic, and must stop nobody */
export function bodyOf({ value }: Pick<Message, 'value'>): unknown {
  try {
    return value === null ? undefined : JSON.parse(value.toString());
  } catch {
    return undefined;
  }
}

/** Writes dead letters outside a transaction: what the broker refuses about one is conceded, the others are not held up. */

import { kafkaErrorCode } from '../admin/with-deadline.ts';
import type { BridgeProducer } from '../bridge/bridge-producer.ts';
import { ReplaygroundError } from '../errors.ts';
import { type PartitionOffset, partitionKey } from '../partition.ts';
import { sendThrough } from '../producer/send-records.ts';
import { lastValue } from '../record/headers.ts';
import type { Output } from '../record/output.ts';
import { RefusedError } from '../stalls/refusals.ts';
import { errorHeaderPrefix, splitLetterHeaders } from './build-letter.ts';
import { conceded, isRefusal } from './fit-letter.ts';

/**
 * @param producer opened with `sendingConfig`
 * @param outputs records and dead letters
 * @throws ReplaygroundError `refused` with what was refused and the setting that decides it; `kafka-error`, `kafka-deadline`
 */
export async function sendConceding(producer: BridgeProducer, outputs: readonly Output[]): Promise<void> {
  for (let left = outputs; left.length > 0; ) {
    const outcomes = await sendThrough(producer, left);
    const refused = left.filter((_, index) => outcomes[index] !== undefined);
    const error = outcomes.find((outcome) => outcome !== undefined);
    const next = refused.length === 0 ? [] : conceded(refused, kafkaErrorCode(error), Date.now());
    if (next === undefined) throw refusal(refused, topicsOf(refused), error, []);
    left = next;
  }
}

/** Which setting of a topic decides on a refusal, by Kafka's error code. */
const settings: Record<number, string> = {
  10: 'raise max.message.bytes of the topic',
  32: 'raise message.timestamp.before.max.ms and message.timestamp.after.max.ms of the topic',
  87: 'take cleanup.policy=compact off the topic',
  29: 'allow the service to write to the topic',
  3: 'make the topic',
};

/** @returns where they are to be written, each once */
export const topicsOf = (outputs: readonly Output[]): string[] => [...new Set(outputs.map(({ topic }) => topic))];

/**
 * @param letters the dead letters among what was to be written
 * @param topics where all of it was to be written
 * @param error the client's
 * @param positions the next offsets after what was read: it is what stands where no letter is refused
 * @returns the error with the records that it is about and the setting to change; any other error as it is
 */
export function refusal(
  letters: readonly Output[],
  topics: readonly string[],
  error: unknown,
  positions: readonly PartitionOffset[],
): unknown {
  const code = kafkaErrorCode(error) ?? 0;
  const setting = settings[code];
  if (setting === undefined) return error;
  const of = letters.flatMap(({ headers }) => placeIn(headers) ?? []);
  const more = of.length > 3 ? ` and ${of.length - 3} more` : '';
  const named = of.slice(0, 3).map((place) => `${partitionKey(place)} offset ${place.offset}`);
  const what = of.length === 0 ? 'what is written' : `the dead letter of ${named.join(', ')}${more}`;
  const message = `${topics.length > 1 ? 'one of ' : ''}${topics.join(', ')} refuses ${what}: ${(error as Error).message}: ${setting}`;
  if (!isRefusal(code)) return new ReplaygroundError('refused', message, { cause: error });
  const places = of.length > 0 ? of : positions.map(({ topic, partition, offset }) => ({ topic, partition, offset: offset - 1 }));
  const first = new Map<string, PartitionOffset>();
  for (const place of places) if (!first.has(partitionKey(place))) first.set(partitionKey(place), place);
  return new RefusedError(message, [...first.values()], error);
}

/** Where the record is that a letter is about; undefined where nobody of ours wrote it. */
function placeIn(headers: Output['headers']): PartitionOffset | undefined {
  const { added } = splitLetterHeaders(headers);
  const field = (name: string): string => String(lastValue(added, errorHeaderPrefix + name));
  return added.length === 0 ? undefined : { topic: field('topic'), partition: Number(field('partition')), offset: Number(field('offset')) };
}

/** By what a dead letter is known again: the place of its record and the record itself, never by what headers claim alone. Pure. */
import { createHash } from 'node:crypto';
import type { Message, MessageHeader } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { type HeaderPair, headerPairs, lastValue } from '../record/headers.ts';
import { errorHeaderPrefix, splitLetterHeaders } from './build-letter.ts';
import { cutHeaders } from './fit-letter.ts';

type Read = { key?: Message['key']; value: Buffer | null; headers?: MessageHeader[] | undefined };
type Place = Pick<Message, 'topic' | 'partition' | 'offset'>;

/**
 * @param record of the source topic
 * @returns the identities that a letter of this record may have: whole, or cut to fit
 */
export function identitiesOf(record: Read & Place): string[] {
  const place = placeText(record.topic, record.partition, record.offset);
  return [whole(place, record, headerPairs(record.headers)), cut(place, sha256(record.value ?? Buffer.alloc(0)))];
}

/**
 * @param letter a record of a dead-letter topic, whoever wrote it
 * @returns its identity: that of a record only where it holds the same key, bytes and headers; undefined where it names no place
 */
export function identityOfLetter(letter: Read): string | undefined {
  const { own, added } = splitLetterHeaders(letter.headers);
  const field = (name: string): string | undefined => lastValue(added, errorHeaderPrefix + name)?.toString();
  const [topic, partition, offset] = [field('topic'), field('partition'), field('offset')];
  if (topic === undefined || partition === undefined || offset === undefined) return undefined;
  const place = placeText(topic, partition, offset);
  const digest = lastValue(added, cutHeaders.sha256)?.toString();
  return digest === undefined ? whole(place, letter, own) : cut(place, digest);
}

const placeText = (topic: string, partition: number | string, offset: number | string): string => `${topic}/${partition}/${offset}`;
const cut = (place: string, digest: string): string => `${place} cut ${digest}`;

function whole(place: string, { key, value }: Read, headers: readonly HeaderPair[]): string {
  const hash = createHash('sha256');
  const add = (part: Buffer | string | null | undefined): void => {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    // The length first, so that no two records give the same bytes.
    hash.update(bytes ? `${bytes.length}:` : '-').update(bytes ?? '');
  };
  add(key);
  add(value);
  // A client may give an empty value for one that is null.
  for (const [name, part] of headers) [name, part ?? ''].forEach(add);
  return `${place} ${hash.digest('base64url').slice(0, 22)}`;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

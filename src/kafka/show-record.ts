/** A record as text: nothing in it can break the line or the terminal. */
import { isUtf8 } from 'node:buffer';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';

export type RecordJson = {
  topic: string;
  partition: number;
  offset: number;
  time: string | null;
  key: string | null;
  headers: [name: string, value: string][];
  /** Parsed where it is JSON, else the text; `base64:...` for what is no UTF-8; null for a tombstone. */
  value: unknown;
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach the terminal
const unsafe = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** @returns the text on one line, control characters as `\u001b` */
export const oneLine = (text: string): string =>
  text.replaceAll(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** @returns the text, or `base64:...` for bytes that are no UTF-8; null where there are none */
export function textOf(bytes: Buffer | string | null | undefined): string | null {
  if (bytes === null || bytes === undefined) return null;
  if (typeof bytes === 'string') return bytes;
  return isUtf8(bytes) ? bytes.toString('utf8') : `base64:${bytes.toString('base64')}`;
}

/** @returns names and values in their order; a name can stand there more than once */
export const headerPairs = (record: Pick<Message, 'headers'>): [string, string][] =>
  (record.headers ?? []).flatMap((header) => Object.entries(header).map(([name, value]): [string, string] => [name, textOf(value) ?? '']));

/** @returns RFC 3339, or null where the record has no time */
export const timeOf = ({ timestamp }: Pick<Message, 'timestamp'>): string | null =>
  timestamp === undefined || timestamp < 0 ? null : new Date(timestamp).toISOString();

/** @returns the record for programs */
export function recordJson(record: Message): RecordJson {
  const { topic, partition, offset, key, value } = record;
  return { topic, partition, offset, time: timeOf(record), key: textOf(key), headers: headerPairs(record), value: parsed(textOf(value)) };
}

/** @returns `partition  offset  time  key  value`, the headers below it where they are wanted */
export function recordLines(record: Message, withHeaders: boolean): string[] {
  const shown = [record.partition, record.offset, timeOf(record) ?? '-', textOf(record.key) ?? '-', textOf(record.value) ?? '(null)'];
  const line = shown.map((cell) => oneLine(String(cell))).join('  ');
  return withHeaders ? [line, ...headerPairs(record).map(([name, value]) => `    ${oneLine(name)}: ${oneLine(value)}`)] : [line];
}

function parsed(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

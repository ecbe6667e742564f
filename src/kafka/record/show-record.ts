/** A record as text: nothing in it can break the line or the terminal. */
import { isUtf8 } from 'node:buffer';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { oneLine } from '../one-line.ts';
import { ExactJson } from './exact-json.ts';
import { headerPairs } from './headers.ts';

export type RecordJson = {
  topic: string;
  partition: number;
  offset: number;
  time: string | null;
  key: string | null;
  headers: [name: string, value: string | null][];
  /** `none`: a tombstone; `base64`: no UTF-8. JSON that is nested too deeply to be printed as such is told as text. */
  valueIs: 'json' | 'text' | 'base64' | 'none';
  /** An `ExactJson` for `stringifyExact`, or what that gives; the text for what is no JSON, `base64:...` for what is no UTF-8. */
  value: unknown;
};

/** @returns the text, or `base64:...` for bytes that are no UTF-8; null where there are none */
export function textOf(bytes: Buffer | string | null | undefined): string | null {
  if (bytes === null || bytes === undefined) return null;
  if (typeof bytes === 'string') return bytes;
  return isUtf8(bytes) ? bytes.toString('utf8') : `base64:${bytes.toString('base64')}`;
}

/** @returns names and values in their order, as text; a name can stand there more than once, and its value be null */
export const headerTexts = (record: Pick<Message, 'headers'>): [string, string | null][] =>
  headerPairs(record.headers).map(([name, value]) => [name, textOf(value)]);

/** What a date can be (ECMA-262, 21.4.1.1): a time in nanoseconds since 1970 is none (ms). */
const latestDate = 8.64e15;

/** @returns RFC 3339; the number itself where it is no date; null where the record has no time */
export function timeOf({ timestamp }: Pick<Message, 'timestamp'>): string | null {
  if (timestamp === undefined || timestamp < 0) return null;
  return timestamp <= latestDate ? new Date(timestamp).toISOString() : BigInt(timestamp).toString();
}

/** @returns the record for programs */
export function recordJson(record: Message): RecordJson {
  const { topic, partition, offset, key } = record;
  const place = { topic, partition, offset, time: timeOf(record), key: textOf(key), headers: headerTexts(record) };
  return { ...place, ...shownValue(record) };
}

/** @returns the record for code: JSON parsed where nothing is lost by that, else its text */
export function plainRecord(record: Message): RecordJson {
  const json = recordJson(record);
  return json.value instanceof ExactJson ? { ...json, value: json.value.toJSON() } : json;
}

function shownValue({ value }: Message): Pick<RecordJson, 'valueIs' | 'value'> {
  if (value === null || value === undefined) return { valueIs: 'none', value: null };
  const text = textOf(value) as string;
  if (!isUtf8(value)) return { valueIs: 'base64', value: text };
  const json = ExactJson.of(text);
  return json ? { valueIs: 'json', value: json } : { valueIs: 'text', value: text };
}

/** @returns `partition  offset  time  key  value`, the headers below it where they are wanted */
export function recordLines(record: Message, withHeaders: boolean): string[] {
  const shown = [record.partition, record.offset, timeOf(record) ?? '-', textOf(record.key) ?? '-', textOf(record.value) ?? '(null)'];
  const line = shown.map((cell) => oneLine(String(cell))).join('  ');
  return withHeaders
    ? [line, ...headerTexts(record).map(([name, value]) => `    ${oneLine(name)}: ${oneLine(value ?? '(null)')}`)]
    : [line];
}

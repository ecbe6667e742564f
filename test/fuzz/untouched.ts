/** What became of records, compared byte by byte with what was written: in dead letters, and in what the lab shows. */
import assert from 'node:assert/strict';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';

/** A record as the lab's API gives it. */
export type Shown = { partition: number; offset: number; time: string | null; value: unknown; valueIs: string };

/** By place: what the headers of a letter that were added last say, behind those of its record. */
export function assertUntouched(records: readonly Message[], letters: readonly Message[]): void {
  const at = new Map(records.map((record) => [placeOf(record), record]));
  const seen = new Set<string>();
  for (const letter of letters) {
    const pairs = headersOf(letter);
    const field = (name: string): string | undefined => pairs.findLast(([one]) => one === `__replayground.errors.${name}`)?.[1];
    const place = `${field('partition')}/${field('offset')}`;
    const record = at.get(place) as Message;
    assert.ok(record && !seen.has(place), `two letters of ${place}, or of no record`);
    seen.add(place);
    const isCut = field('cut.size') !== undefined;
    assert.deepEqual(pairs.slice(0, headersOf(record).length), headersOf(record), place);
    assert.deepEqual(letter.key, record.key, place);
    if (!isCut) assert.deepEqual(letter.value, record.value, place);
    else assert.ok(letter.value !== null && record.value?.subarray(0, letter.value.length).equals(letter.value), place);
  }
}

/** Parsed values mean the same as what was written; all others stand there as they were written. */
export function assertShown(records: readonly Message[], shown: readonly Shown[]): void {
  const at = new Map(records.map((record) => [placeOf(record), record]));
  for (const one of shown) {
    const { value } = at.get(placeOf(one)) as Message;
    const text = String(value);
    if (one.valueIs === 'none') assert.equal(value, null);
    else if (typeof one.value !== 'string') assert.equal(JSON.stringify(one.value), withoutSpace(text));
    else if (one.valueIs === 'base64') assert.ok(`base64:${value?.toString('base64')}`.startsWith(one.value.replace(/\.\.\.$/, '')));
    else assert.ok(text.startsWith(one.value.replace(/\.\.\.$/, '')) || withoutSpace(text).startsWith(one.value), text.slice(0, 200));
  }
}

/** Of what is JSON: its values hold no space here but in strings that were written by `JSON.stringify`. */
const withoutSpace = (text: string): string => text.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');

const placeOf = ({ partition, offset }: { partition: number; offset: number }): string => `${partition}/${offset}`;

/** As this client gives them: a header called `__proto__` is the prototype of an object that has no name. */
const headersOf = ({ headers = [] }: Message): [string, string][] =>
  headers.flatMap((header): [string, string][] => {
    const entries = Object.entries(header);
    const prototype: unknown = Object.getPrototypeOf(header);
    if (entries.length === 0 && Buffer.isBuffer(prototype)) return [['__proto__', prototype.toString('latin1')]];
    return entries.map(([name, value]) => [name, Buffer.from(value).toString('latin1')]);
  });

/** What reading a record gives: the event, or why it cannot be read. Also the checks that all events share. */
import { isAscii, isUtf8 } from 'node:buffer';
import type { Validator } from 'typebox/compile';
import { maxRecordBytes } from './topics.ts';

/** Why a record cannot be read; stands in the dead letter's `reason` header. */
export type UnreadableReason =
  | 'tombstone'
  | 'empty'
  | 'oversized'
  | 'bad-utf8'
  | 'bad-json'
  | 'bad-shape'
  | 'unknown-type'
  | 'missing-key'
  | 'key-mismatch';

export type Unreadable = { ok: false; reason: UnreadableReason; message: string };
export type Decoded<Event> = { ok: true; event: Event } | Unreadable;

export const unreadable = (reason: UnreadableReason, message: string): Unreadable => ({ ok: false, reason, message });

/**
 * @param value the bytes of a record, null for a tombstone
 * @returns the JSON object in them, or why there is none
 */
export function parseObject(value: Buffer | null): { ok: true; object: Record<string, unknown> } | Unreadable {
  if (value === null) return unreadable('tombstone', 'the record has no value (a tombstone)');
  if (value.length === 0) return unreadable('empty', 'the value is empty');
  if (value.length > maxRecordBytes) return unreadable('oversized', `the value has ${value.length} bytes, more than ${maxRecordBytes}`);
  const text = textOf(value);
  if (text === undefined) return unreadable('bad-utf8', 'the value is not UTF-8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return unreadable('bad-json', `the value is not JSON: ${(error as Error).message}`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return unreadable('bad-shape', 'the value is not a JSON object');
  return { ok: true, object: json as Record<string, unknown> };
}

/**
 * A byte order mark before the JSON is passed over, as RFC 8259, section 8.1, allows and as Fastify does with a body: Windows' tools
 * write one, and it changes nothing. Only one, and only at the very beginning.
 * @returns undefined where the bytes are not UTF-8
 */
function textOf(value: Buffer): string | undefined {
  // One look at the bytes for nearly all records, and the cheapest way to make a text.
  if (isAscii(value)) return value.toString('latin1');
  if (!isUtf8(value)) return undefined;
  const hasMark = value[0] === 0xef && value[1] === 0xbb && value[2] === 0xbf;
  return value.toString('utf8', hasMark ? 3 : 0);
}

/**
 * The once-only promise rests on the key: only the same key always leads to the same partition.
 * @param key the record's key
 * @param orderId the id in the value
 * @returns undefined where they agree
 */
export function checkKey(key: Buffer | null, orderId: string): Unreadable | undefined {
  if (key === null || key.length === 0) {
    return unreadable('missing-key', 'the record has no key: the key must be the order id, once-only processing rests on it');
  }
  if (isAsciiKey(key, orderId)) return undefined;
  // Half a surrogate pair has no UTF-8, so no key: it would be written as U+FFFD, like any other half.
  if (!orderId.isWellFormed()) return unreadable('bad-shape', '/orderId is no Unicode text: it holds half a surrogate pair');
  if (!key.equals(Buffer.from(orderId, 'utf8'))) {
    return unreadable('key-mismatch', 'the key is not the order id in the value: once-only processing rests on it');
  }
  return undefined;
}

const shortKey = 64;

/** Whether the key is the id and all of it ASCII; says no to a long one, which is looked at the general way. */
function isAsciiKey(key: Buffer, orderId: string): boolean {
  const { length } = orderId;
  if (key.length !== length || length > shortKey) return false;
  for (let at = 0; at < length; at += 1) {
    const byte = key[at] as number;
    if (byte > 0x7f || byte !== orderId.charCodeAt(at)) return false;
  }
  return true;
}

/** Whether it is a text that begins with a visible ASCII character, as nearly all ids do: it is not blank then. */
export function isPlainId(id: unknown): id is string {
  if (typeof id !== 'string') return false;
  const first = id.charCodeAt(0);
  return first > 0x20 && first < 0x7f;
}

/**
 * @param schema a compiled schema
 * @param value what failed its check
 * @returns the first thing that is wrong, with the JSON Pointer to it
 */
export function firstError(schema: Validator, value: unknown): string {
  const [error] = schema.Errors(value);
  return error ? `${error.instancePath || '/'} ${error.message}` : 'the value has the wrong shape';
}

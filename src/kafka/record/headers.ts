/** Headers as they were written: in their order, names repeated, null values, and any name, `__proto__` too. Pure. */
import type { MessageHeader } from '@confluentinc/kafka-javascript/types/rdkafka.js';

/** Name of the header by which a trace goes on (W3C Trace Context, section 3.2). */
export const traceparentHeader = 'traceparent';

export type HeaderPair = readonly [name: string, value: Buffer | string | null];

/**
 * @param headers as the client gives them: an object each
 * @returns names and values in their order
 */
export const headerPairs = (headers: readonly MessageHeader[] | undefined): HeaderPair[] => (headers ?? []).flatMap(pairsOf);

/** The client assigns a name as a property: a header called `__proto__` becomes the prototype of an object without any name. */
function pairsOf(header: MessageHeader): HeaderPair[] {
  const names = Object.keys(header);
  if (names.length > 0) return names.map((name) => [name, header[name] ?? null]);
  const prototype: unknown = Object.getPrototypeOf(header);
  return Buffer.isBuffer(prototype) ? [['__proto__', prototype]] : [];
}

/** @returns the pair in the form the client takes; a computed name is a property of its own, whatever it is called */
export const clientHeader = ([name, value]: HeaderPair): MessageHeader => ({ [name]: value }) as MessageHeader;

/** @returns the value of the last header of that name; undefined where there is none, or it is null */
export const lastValue = (pairs: readonly HeaderPair[], name: string): Buffer | string | undefined =>
  pairs.findLast(([one]) => one === name)?.[1] ?? undefined;

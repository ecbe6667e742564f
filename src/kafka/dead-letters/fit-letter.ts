/** A dead letter that the broker refuses, made such that it goes: smaller, or without its timestamp. It says what it lost. Pure. */
import { createHash } from 'node:crypto';
import { maxDeadLetterBytes } from '../admin/side-topics.ts';
import { clientHeader, type HeaderPair, lastValue } from '../record/headers.ts';
import type { Output } from '../record/output.ts';
import { errorHeaderPrefix, splitLetterHeaders } from './build-letter.ts';

/** On a letter that is not whole: size and digest of the value as it was read, and what is cut or left out. */
export const cutHeaders = {
  size: `${errorHeaderPrefix}cut.size`,
  sha256: `${errorHeaderPrefix}cut.sha256`,
  lost: `${errorHeaderPrefix}cut.lost`,
};
/** On a letter that has another time: the record's own (epoch milliseconds). */
export const timestampHeader = `${errorHeaderPrefix}timestamp`;

/** Error codes of Kafka: MESSAGE_TOO_LARGE; INVALID_TIMESTAMP, and INVALID_RECORD where the client tells several of them as one (KIP-467). */
const tooLarge = 10;
const invalidTimes = [32, 87];

/** TOPIC_AUTHORIZATION_FAILED. */
const notAllowed = 29;

/** @returns whether the broker refuses a record for what it is, or for who writes it; more of the same kind will be refused too */
export const isRefusal = (errorCode: number): boolean => [tooLarge, notAllowed, ...invalidTimes].includes(errorCode);

/** What is tried, one after the other: our topics' limit, Kafka's default, and less, down to what says where the record is (bytes). */
const sizes = [maxDeadLetterBytes - 64 * 1024, 1_000_000, 60_000, 4000, 0];
/** Further ahead than this Kafka refuses a time by default (`message.timestamp.after.max.ms`). */
const aheadMs = 3_600_000;

/**
 * @param outputs what was to be written; others than dead letters stay as they are
 * @param errorCode the broker's, about one of them
 * @param nowMs the time now (epoch ms)
 * @returns the same, with letters that may be taken; undefined where nothing more can be done about this error
 */
export function conceded(outputs: readonly Output[], errorCode: number | undefined, nowMs: number): Output[] | undefined {
  if (errorCode === tooLarge) return smaller(outputs);
  return invalidTimes.includes(errorCode ?? 0) ? withoutTimes(outputs, nowMs) : undefined;
}

const isLetter = ({ headers }: Output): boolean => splitLetterHeaders(headers).added.length > 0;

function smaller(outputs: readonly Output[]): Output[] | undefined {
  const largest = Math.max(0, ...outputs.filter(isLetter).map(lostAble));
  const target = sizes.find((size) => size < largest);
  if (target === undefined) return undefined;
  return outputs.map((output) => (isLetter(output) && lostAble(output) > target ? cutTo(output, target) : output));
}

function withoutTimes(outputs: readonly Output[], nowMs: number): Output[] | undefined {
  const timed = outputs.filter((output) => output.timestamp !== undefined && isLetter(output));
  if (timed.length === 0) return undefined;
  const ahead = timed.filter(({ timestamp }) => (timestamp as number) > nowMs + aheadMs);
  const chosen = new Set(ahead.length > 0 ? ahead : timed);
  return outputs.map((output) =>
    chosen.has(output)
      ? { ...withAdded(output, [[timestampHeader, BigInt(output.timestamp as number).toString()]]), timestamp: undefined }
      : output,
  );
}

const lengthOf = (part: Buffer | string | null): number => (part === null ? 0 : Buffer.byteLength(part));
const headerBytes = (pairs: readonly HeaderPair[]): number =>
  pairs.reduce((sum, [name, value]) => sum + lengthOf(name) + lengthOf(value) + 10, 0);

/** What a letter could do without: key, value, the record's own headers (bytes). */
const lostAble = ({ key, value, headers }: Output): number =>
  lengthOf(key) + lengthOf(value) + headerBytes(splitLetterHeaders(headers).own);

/** Key and headers first, since they are what a record is found by; of the value as much as goes. */
function cutTo(letter: Output, bytes: number): Output {
  const { own, added } = splitLetterHeaders(letter.headers);
  let left = bytes;
  const fits = (size: number): boolean => {
    if (size > left) return false;
    left -= size;
    return true;
  };
  const key = fits(lengthOf(letter.key)) ? letter.key : null;
  const headers = fits(headerBytes(own)) ? own : [];
  const value = letter.value && letter.value.length > left ? letter.value.subarray(0, left) : letter.value;
  const before = lastValue(added, cutHeaders.lost)?.toString().split(', ') ?? [];
  const lost = [
    ...(value !== letter.value ? ['value'] : []),
    ...(key !== letter.key ? ['key'] : []),
    ...(headers !== own ? ['headers'] : []),
  ];
  const facts: HeaderPair[] = [
    [cutHeaders.size, lastValue(added, cutHeaders.size) ?? String(lengthOf(letter.value))],
    [
      cutHeaders.sha256,
      lastValue(added, cutHeaders.sha256) ??
        createHash('sha256')
          .update(letter.value ?? '')
          .digest('hex'),
    ],
    [cutHeaders.lost, [...new Set([...before, ...lost])].join(', ')],
  ];
  const kept = { ...letter, key, value, headers: [...headers, ...added].map(clientHeader) };
  return withAdded(kept, facts);
}

/** Puts headers before the last one of ours, instead of those of the same name. */
function withAdded(letter: Output, facts: readonly HeaderPair[]): Output {
  const { own, added } = splitLetterHeaders(letter.headers);
  const names = new Set(facts.map(([name]) => name));
  const others = added.filter(([name]) => !names.has(name));
  return { ...letter, headers: [...own, ...others.slice(0, -1), ...facts, ...others.slice(-1)].map(clientHeader) };
}

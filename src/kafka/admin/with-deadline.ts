/** The callback API as promises, each with a deadline of ours: some calls of the client ignore their own (librdkafka #5456, #5511). */
import type { LibrdKafkaError } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { bridgeError } from '../bridge/bridge-error.ts';
import { missingRight } from '../client/missing-right.ts';
import { ReplaygroundError } from '../errors.ts';

/**
 * @param what what is asked, for the error: "commit the transaction"
 * @param deadlineMs how long to wait for the answer (ms)
 * @param call gets the callback to hand to the client
 * @returns the client's answer
 * @throws ReplaygroundError `kafka-deadline` when no answer came in time (the call may still be stuck in the client),
 *   `kafka-error` when the client answered with an error (`cause` is the client's own)
 */
export function ask<T = void>(
  what: string,
  deadlineMs: number,
  // biome-ignore lint/suspicious/noExplicitAny: the client's callbacks differ in their types, not in their form
  call: (callback: (error: any, answer?: any) => void) => unknown,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const timer = setTimeout(
    () => reject(new ReplaygroundError('kafka-deadline', `no answer within ${deadlineMs} ms: ${what}`, { retriable: true })),
    deadlineMs,
  );
  try {
    call((error: LibrdKafkaError | null | undefined, answer: T) => (error ? reject(kafkaError(what, error)) : resolve(answer)));
  } catch (error) {
    reject(kafkaError(what, error as LibrdKafkaError));
  }
  return promise.finally(() => clearTimeout(timer));
}

/** @returns the client's error as one of ours, with what was being done */
export function kafkaError(what: string, error: LibrdKafkaError | Error): ReplaygroundError {
  const retriable = 'isRetriable' in error && error.isRetriable === true;
  const right = missingRight(kafkaErrorCode(error));
  return new ReplaygroundError('kafka-error', `could not ${what}: ${error.message}${right}`, { cause: error, retriable });
}

/**
 * @param what was being done: "send the record"
 * @param told an error as the bridge gives it about one record or partition
 * @returns `kafka-error` with librdkafka's code behind it, see `kafkaErrorCode`
 */
export const errorOfCode = (what: string, { code, text = '' }: { code: number; text?: string | undefined }): ReplaygroundError =>
  kafkaError(what, Object.assign(new Error(text), { code }));

/**
 * @returns librdkafka's error code, negative ones are local, or undefined for an error that is not Kafka's; for a fatal error, that of its
 *   cause
 */
export function kafkaErrorCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const fatal = bridgeError(error)?.fatalCause;
  if (fatal) return fatal.code;
  if ('code' in error && typeof error.code === 'number') return error.code;
  return kafkaErrorCode(error.cause);
}

/** Errors of the bridge as those of the project, each call with a deadline of ours: some of librdkafka ignore their own (#5456, #5511). */

import { missingRight } from '../client/missing-right.ts';
import { ReplaygroundError } from '../errors.ts';

/** An error as the addon throws it. */
export type BridgeError = Error & {
  /** librdkafka's; negative ones are local. */
  code: number;
  /** `_TIMED_OUT`, `INVALID_PRODUCER_EPOCH`, ... */
  id: string;
  /** Which step of several failed: "commit the transaction". */
  step: string;
  isFatal: boolean;
  isRetriable: boolean;
  isTxnRequiresAbort: boolean;
  /** What is behind "Local: Fatal error". */
  fatalCause?: { code: number; text: string };
  /** Records that the broker or librdkafka refused, at most some of a transaction. */
  refused?: { index: number; code: number; text: string }[];
};

/** @returns the addon's error that is behind another, if one is */
export function bridgeError(error: unknown): BridgeError | undefined {
  if (!(error instanceof Error)) return undefined;
  return 'isTxnRequiresAbort' in error ? (error as BridgeError) : bridgeError(error.cause);
}

/** A process that stood still finds its time over when it goes on: the answer, which lies there, comes first (ms). */
const graceMs = 1000;

/**
 * @param what what is done, for the error: "commit the transaction"
 * @param deadlineMs when to give up (ms): the call may still be stuck then, so the process has to end
 * @param call calls the addon
 * @throws ReplaygroundError `kafka-deadline`; `kafka-error` with the addon's error as its `cause`
 */
export async function within<T>(what: string, deadlineMs: number, call: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const giveUp = (): void =>
    late.reject(new ReplaygroundError('kafka-deadline', `no answer within ${deadlineMs} ms: ${what}`, { retriable: true }));
  let timer = setTimeout(() => {
    timer = setTimeout(giveUp, graceMs);
  }, deadlineMs);
  try {
    return await Promise.race([call(), late.promise]);
  } catch (error) {
    throw toProjectError(what, error);
  } finally {
    clearTimeout(timer);
  }
}

/** @returns librdkafka's error as one of ours; any other as it is */
export function toProjectError(what: string, error: unknown): unknown {
  const native = bridgeError(error);
  if (!native || error instanceof ReplaygroundError) return error;
  const cause = native.fatalCause
    ? `${native.fatalCause.text} (${native.message}): this client cannot go on, start the program again`
    : native.message;
  return new ReplaygroundError('kafka-error', `could not ${native.step || what}: ${cause}${missingRight(native.code)}`, {
    cause: native,
    retriable: native.isRetriable,
  });
}

/** One error class for everything that is expected to go wrong: a stable code, what to do, and whether a retry can help. */
export class ReplaygroundError extends Error {
  /** Stable, for programs: `kafka-unreachable`, `bad-setting`, ... */
  readonly code: string;
  /** Whether the same call may succeed later without a change by the caller. */
  readonly retriable: boolean;

  /**
   * @param code stable identifier in kebab-case
   * @param message what is wrong and what to do about it, one line, for people
   * @param options `cause` keeps the original error; `retriable` defaults to false
   */
  constructor(code: string, message: string, options: { cause?: unknown; retriable?: boolean } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'ReplaygroundError';
    this.code = code;
    this.retriable = options.retriable ?? false;
  }
}

/** An error on its way from one process to another. */
export type ErrorMessage = { code: string; message: string; retriable: boolean };

/**
 * @param error whatever was thrown
 * @param otherwise the code of an error that is none of ours
 */
export function toErrorMessage(error: unknown, otherwise = 'unexpected'): ErrorMessage {
  const message = error instanceof Error ? error.message : String(error);
  const { code, retriable } = error instanceof ReplaygroundError ? error : { code: otherwise, retriable: false };
  return { code, message, retriable };
}

/** @returns the error that it was, as far as it could travel */
export const fromErrorMessage = ({ code, message, retriable }: ErrorMessage): ReplaygroundError =>
  new ReplaygroundError(code, message, { retriable });

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

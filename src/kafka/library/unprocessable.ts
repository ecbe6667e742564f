/** What a processor throws for a record that it will never be able to process: the record becomes a dead letter, and the stream goes on. */
export class UnprocessableError extends Error {
  /** One word for programs and dashboards, `no-json`. */
  readonly reason: string;

  /**
   * @param reason one word, in kebab-case
   * @param message what is wrong with the record, for people; it goes into a header of the letter
   */
  constructor(reason: string, message: string = reason) {
    super(message);
    this.name = 'UnprocessableError';
    this.reason = reason;
  }
}

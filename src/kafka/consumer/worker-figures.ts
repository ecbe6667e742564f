/** What a worker did since it started, as its /health tells it. */
export type WorkerFigures = {
  told: number;
  /** Given back, to be delivered again to anybody. */
  released: number;
  /** Given up for good. */
  rejected: number;
  /** Acknowledged when the lock was over: they come again. */
  late: number;
  /** Records that had been delivered before. */
  redelivered: number;
  /** Records under its locks now. */
  inFlight: number;
};

/** What clients tell of their work, where somebody listens. Types alone: who is not listened to loads nothing of OpenTelemetry. */
import type { RecordBatch } from '../bridge/record-batch.ts';

/** By OpenTelemetry's conventions for messaging (semconv 1.44, "development"): spans `send T`, `poll T`, `process T`, `commit T`, and metrics. */
export type MessagingTelemetry = {
  /**
   * A send begins.
   * @param topic where to
   * @param about `parent`: the traceparent of what it is done for, in this process; `key` of a single record
   */
  send(topic: string, about?: { parent?: string | undefined; key?: string }): Sending;
  /**
   * Records came.
   * @param records more than none; read before their memory is given back
   * @param about `polledAt`: when they were asked for (ms since 1970); `output`: the topic that is written to for them, if any
   */
  received(records: RecordBatch, about: { groupId: string; polledAt: number; output?: string | undefined }): Processing;
};

/** A send under way. */
export type Sending = {
  /** Goes with each record as its header `traceparent` (W3C Trace Context); undefined where no trace is on. */
  readonly traceparent: string | undefined;
  /** The broker has them. @param place where a single record is in the log */
  done(count: number, place?: { partition: number; offset: number }): void;
  failed(error: unknown): void;
};

/** A batch on its way. */
export type Processing = {
  /** Of the send for this batch, see `Sending`. */
  readonly traceparent: string | undefined;
  /**
   * Runs what writes the records of this batch and commits its offsets, in whatever order, and ends the batch by what became of it.
   * @param written how many records
   */
  deliver(written: number, delivery: () => Promise<void>): Promise<void>;
  /** Runs a commit of its offsets. */
  commit<T>(commit: () => Promise<T>): Promise<T>;
  /** Nothing more is done for it; `error` if that is why. */
  done(error?: unknown): void;
};

/** What the API takes to change something, and what it answers. */
import type { Metrics } from '../../pipeline/analytics/metrics.ts';
import type { Command, SettableService, SetValues } from './command.ts';
import type { ProcessView } from './lab-state.ts';

// ---------------------------------------------------------------------------------------------------- processes

/** `POST /api/services/:name/(stop|start|restart|kill)`, `POST /api/scale` {service, count}. */
export type ProcessesChanged = { processes: Omit<ProcessView, 'rssBytes'>[]; command: Command };
export type ScaleRequest = { service: string; count: number };

// ---------------------------------------------------------------------------------------------------- POST /api/burst

/** One at a time: 409 while one runs. Answers at once (202); progress by `burst` events. `POST /api/burst/stop` ends it early. */
/** `hot`: share of the orders, 0 to 1, whose keys lie in partition 0; the others lie elsewhere. */
export type BurstRequest = { count: number; ratePerSec?: number; failRate?: number; seed?: string; hot?: number };

export type BurstState = {
  runId: string;
  state: 'running' | 'done' | 'failed';
  startedAt: string;
  finishedAt: string | null;
  count: number;
  ratePerSec: number | null;
  /** Acknowledged by the broker. */
  produced: number;
  /** Both null until it is over. */
  durationMs: number | null;
  eventsPerSec: number | null;
  error: string | null;
  command: Command;
};

// ---------------------------------------------------------------------------------------------------- POST /api/settings/:service

/** What is left out stays; `{ defaults: true }` alone puts everything back. */
export type SettingsRequest = { throttleMs?: number; failRate?: number; rejectRate?: number; paused?: boolean; defaults?: true };
/** What is set now; a field that is missing has its start value. */
export type SettingsChanged = { service: SettableService; set: SetValues; command: Command };

// ---------------------------------------------------------------------------------------------------- POST /api/records

/** `poison`: bytes that are no JSON. `duplicate`: an order again, the newest where `orderId` is left out. `order`: a new one. */
export type RecordRequest = { kind: 'poison' | 'duplicate' | 'order'; orderId?: string };
export type RecordSent = { kind: RecordRequest['kind']; key: string; topic: string; partition: number; offset: number; command: Command };

// ---------------------------------------------------------------------------------------------------- offsets

export type OffsetTarget =
  | { to: 'earliest' | 'latest' | 'current' }
  | { to: 'offset'; offset: number }
  | { to: 'shift'; by: number }
  /** RFC 3339 */
  | { to: 'datetime'; at: string }
  /** ISO 8601, `PT10M` */
  | { to: 'duration'; ago: string };

/**
 * `POST /api/offsets/plan` changes nothing; `POST /api/offsets/reset` does it, and answers 409 while the group has members, unless
 * `stopAndStart`: then the lab stops the service, waits until the group is empty, resets, and starts the service again.
 */
export type OffsetsRequest = {
  group: string;
  target: OffsetTarget;
  /** `order-events` or `order-events:0,1`; left out: everything the group has committed. */
  topics?: string[];
  /** Ignored by `plan`. */
  stopAndStart?: boolean;
};

/** `POST /api/offsets/undo`: back to a backup, the newest where none is named. `plan: true` changes nothing. */
export type UndoRequest = { group: string; backup?: string; stopAndStart?: boolean; plan?: boolean };

export type OffsetsPlan = {
  group: string;
  executed: boolean;
  partitions: { topic: string; partition: number; before: number | null; newOffset: number | null; delta: number | null }[];
  warnings: string[];
  /** Null where it can be done now, else why Kafka would refuse and what to do. */
  refused: string | null;
  /** Name of the file that can undo it; null for a plan. */
  backup: string | null;
  /** The same with its folder. */
  backupPath: string | null;
  command: Command;
};

/** `GET /api/offsets/backups?group=`: newest first. */
export type Backups = { group: string; backups: { name: string; at: string }[] };

// ---------------------------------------------------------------------------------------------------- POST /api/replay

/** `earliest` (default) or an RFC 3339 time. 202 with the state; progress by `replay` events and `GET /api/replay`. 409 while one runs. */
export type ReplayRequest = { to?: string };

export type ReplayState = {
  id: string;
  state: 'running' | 'done' | 'failed';
  startedAt: string;
  finishedAt: string | null;
  /** Offsets read again, and how many there are to read. */
  processed: number;
  total: number;
  before: Metrics;
  /** The rest is null until it is over. */
  after: Metrics | null;
  identical: boolean | null;
  firstDifference: { field: string; before: unknown; after: unknown } | null;
  error: string | null;
  command: Command;
};

/** What the API takes to change something in the order pipeline, and what it answers. */
import type { Command, SetValues } from '../../lab/wire/command.ts';
import type { Metrics } from '../../pipeline/analytics/metrics.ts';

export type SettableService = 'inventory-service' | 'analytics-service' | 'notification-service';

// ---------------------------------------------------------------------------------------------------- POST /api/settings/:service

/** What is left out stays; `{ defaults: true }` alone puts everything back. */
export type SettingsRequest = { throttleMs?: number; failRate?: number; rejectRate?: number; paused?: boolean; defaults?: true };
/** What is set now; a field that is missing has its start value. */
export type SettingsChanged = { service: SettableService; set: SetValues; command: Command };

// ---------------------------------------------------------------------------------------------------- POST /api/records

/** `poison`: bytes that are no JSON. `duplicate`: an order again, the newest where `orderId` is left out. `order`: a new one. */
export type RecordRequest = { kind: 'poison' | 'duplicate' | 'order'; orderId?: string };
export type RecordSent = { kind: RecordRequest['kind']; key: string; topic: string; partition: number; offset: number; command: Command };

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

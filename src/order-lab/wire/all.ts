/** Everything that the HTTP API says and takes, what is about orders included. Types only: the page imports this file. */

export type * from '../../lab/wire/all.ts';
export type { Metrics } from '../../pipeline/analytics/metrics.ts';
export type { LabState } from './lab-state.ts';
// Those of the lab, with what the order pipeline tells in them.
export type { Frame, Ledger, LiveEvents, LiveState, Pipeline, Recording, RecordingFacts, Snapshot } from './live.ts';
export type * from './reads.ts';
export type * from './writes.ts';

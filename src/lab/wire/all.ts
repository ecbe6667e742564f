/**
 * Everything that the lab's HTTP API says and takes about a system of anybody. Types only: who knows a system adds what it alone tells.
 * Changing calls are POST with a JSON body, from the lab's own page or with `Authorization: Bearer <token>`. Errors are RFC 9457 problems:
 * 400 wrong body, 404 not there, 409 not now (`detail` says why), 422 cannot be, 503 Kafka or a service is away.
 * Times are RFC 3339 where they are text and milliseconds since 1970 where the name ends in `Ms`. What is not known is null, never 0.
 */

export type { RecordJson } from '../../kafka/record/show-record.ts';
export type * from './command.ts';
export type * from './crash-test.ts';
export type * from './explanation.ts';
export type { LabState, ProcessView } from './lab-state.ts';
export type * from './live.ts';
export type * from './logs.ts';
export type * from './queue.ts';
export type * from './recording.ts';
export type * from './scenario-run.ts';
export type * from './system-facts.ts';
export type * from './writes.ts';

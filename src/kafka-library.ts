/** What `import ... from 'replayground/kafka'` gives: exactly-once processing for any service (docs/package.md). */

export { ReplaygroundError } from './kafka/errors.ts';
export type { Connection } from './kafka/library/connection.ts';
export { type ProcessorOptions, processExactlyOnce } from './kafka/library/process-exactly-once.ts';
export type { ReceivedRecord, RecordToSend } from './kafka/library/records.ts';
export { send } from './kafka/library/send.ts';
export { UnprocessableError } from './kafka/library/unprocessable.ts';

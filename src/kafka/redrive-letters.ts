/** Sends dead letters back to their topic, or says what it would send: one way for the command and for the page. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { ClientConfig } from './connect.ts';
import { type DeadLetters, redriveGroup } from './dead-letter-topics.ts';
import type { Output } from './exactly-once.ts';
import { commitOffsets } from './offsets/commit.ts';
import { redrive } from './redrive.ts';
import { sendRecords } from './send-records.ts';

export type RedriveLine = { record: Message; to: string | undefined; result: string };
export type RedriveSummary = { executed: boolean; sent: number; leftOut: number; failed: number };

export type RedriveRequest = {
  records: readonly Message[];
  /** Where the letters end, when these are all of them: the next redrive of all begins there. */
  ends?: DeadLetters['ends'] | undefined;
  maxRedrives: number;
  execute: boolean;
};

/** @throws ReplaygroundError `kafka-unreachable`, `kafka-error`, `kafka-deadline` */
export async function redriveLetters(
  config: ClientConfig,
  { records, ends, maxRedrives, execute }: RedriveRequest,
): Promise<RedriveSummary & { lines: RedriveLine[] }> {
  const plan = records.map((record) => ({ record, redrive: redrive(record, maxRedrives) }));
  const outputs = plan.flatMap((one) => (one.redrive.ok ? [one.redrive.output] : []));
  const errors = execute ? await sendRecords(config, outputs) : [];
  const failed = errors.filter((error) => error !== undefined).length;
  // Only when all of it is done.
  if (execute && ends && failed === 0) await commitOffsets(config, redriveGroup, ends);
  const errorOf = new Map<Output, Error | undefined>(outputs.map((output, index) => [output, errors[index]]));
  const lines = plan.map(({ record, redrive: one }): RedriveLine => {
    if (!one.ok) return { record, to: undefined, result: `left out: ${one.why}` };
    const error = errorOf.get(one.output);
    return { record, to: one.output.topic, result: error ? `failed: ${error.message}` : execute ? 'sent back' : 'would be sent back' };
  });
  return { executed: execute, sent: execute ? outputs.length - failed : 0, leftOut: plan.length - outputs.length, failed, lines };
}

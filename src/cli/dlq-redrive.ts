/** `./lab dlq redrive`: sends dead letters back to their topic, or says what it would send. */
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ReplaygroundError } from '../errors.ts';
import { readDeadLetters, redriveGroup } from '../kafka/dead-letter-topics.ts';
import type { Output } from '../kafka/exactly-once.ts';
import { commitOffsets } from '../kafka/offsets/commit.ts';
import { deadLetterInfo, redrive } from '../kafka/redrive.ts';
import { sendRecords } from '../kafka/send-records.ts';
import { findLetters, keyCell, letterJson, letterTopic, nameOf } from './dlq-letters.ts';
import { usageError } from './exit-codes.ts';
import { openKafka } from './kafka-clients.ts';
import { wholeNumber } from './numbers.ts';
import { note, printJson, printTable } from './output.ts';

export type RedriveOptions = { all?: boolean; again?: boolean; execute?: boolean; maxRedrives: string; json?: boolean };

type Line = { record: Message; to: string | undefined; result: string };

/**
 * @param topic whose dead letters
 * @param positions `partition:offset` of some of them, none with `all`
 * @throws ReplaygroundError `usage`; `redrive-failed` where some were not sent
 */
export async function sendBack(topic: string, positions: string[], options: RedriveOptions): Promise<void> {
  if ((positions.length === 0) !== (options.all === true)) {
    throw usageError('which ones? Either --all, or partition:offset as dlq list shows it');
  }
  const maxRedrives = wholeNumber('--max-redrives', options.maxRedrives, 1, 1_000_000);
  using kafka = await openKafka();
  const letters = await letterTopic(kafka, topic);
  const all = options.all ? await readDeadLetters(kafka, [letters], options.again ? 'beginning' : 'redriven') : undefined;
  const records = all?.records ?? (await findLetters(kafka, letters, positions));

  const plan = records.map((record) => ({ record, redrive: redrive(record, maxRedrives) }));
  const outputs = plan.flatMap((one) => (one.redrive.ok ? [one.redrive.output] : []));
  const errors = options.execute ? await sendRecords(kafka.config, outputs) : [];
  const failed = errors.filter((error) => error !== undefined).length;
  // Only when all of it is done: the next --all begins here.
  if (options.execute && all && failed === 0) await commitOffsets(kafka.config, redriveGroup, all.ends);

  const errorOf = new Map<Output, Error | undefined>(outputs.map((output, index) => [output, errors[index]]));
  const lines = plan.map(({ record, redrive: one }): Line => {
    if (!one.ok) return { record, to: undefined, result: `left out: ${one.why}` };
    const error = errorOf.get(one.output);
    const result = error ? `failed: ${error.message}` : options.execute ? 'sent back' : 'would be sent back';
    return { record, to: one.output.topic, result };
  });
  const sent = options.execute ? outputs.length - failed : 0;
  show(lines, { executed: options.execute === true, sent, leftOut: plan.length - outputs.length, failed }, options.json === true);
  if (failed > 0) {
    throw new ReplaygroundError('redrive-failed', `${failed} of ${outputs.length} dead letters were not sent back`, { retriable: true });
  }
}

type Summary = { executed: boolean; sent: number; leftOut: number; failed: number };

function show(lines: readonly Line[], summary: Summary, json: boolean): void {
  if (json) {
    printJson({ ...summary, letters: lines.map(({ record, to, result }) => ({ ...letterJson(record), to: to ?? null, result })) });
    return;
  }
  printTable(
    ['LETTER', 'REASON', 'TO', 'KEY', 'RESULT'],
    lines.map(({ record, to, result }) => [nameOf(record), deadLetterInfo(record).reason, to, keyCell(record), result]),
  );
  const { executed, sent, leftOut, failed } = summary;
  note(executed ? `lab: ${sent} sent back, ${leftOut} left out, ${failed} failed` : 'lab: nothing was sent (dry run)');
}

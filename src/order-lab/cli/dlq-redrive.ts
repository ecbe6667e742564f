/** `./lab dlq redrive`: sends dead letters back to their topic, or says what it would send. */

import { deadLetterInfo } from '../../kafka/dead-letters/read-letter-headers.ts';
import { readDeadLetters } from '../../kafka/dead-letters/read-letters.ts';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { type RedriveCounts, redriveText } from '../../kafka/redrive/redrive-words.ts';
import { letterName } from '../../kafka/redrive/redriven-letter.ts';
import { type RedriveLine, redriveLetters } from '../../kafka/redrive/send-back.ts';
import { wholeNumber } from '../../lab/cli/numbers.ts';
import { usageError } from '../../lab/terminal/exit-codes.ts';
import { note, printTable } from '../../lab/terminal/output.ts';
import { readerOf } from '../../pipeline/events/topics.ts';
import { printJson } from '../answers/print-answer.ts';
import { openKafka } from '../client/kafka-clients.ts';
import { findLetters, keyCell, letterJson, letterTopic, placeOf } from './dlq-letters.ts';

export type RedriveOptions = { all?: boolean; again?: boolean; parked?: boolean; execute?: boolean; maxRedrives: string; json?: boolean };

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
  const letters = await letterTopic(kafka, topic, options.parked);
  const all = options.all ? await readDeadLetters(kafka, [letters], options.again ? 'beginning' : 'redriven') : undefined;
  const records = all?.records ?? (await findLetters(kafka, letters, positions));

  const result = await redriveLetters(kafka, {
    records,
    ends: all?.ends,
    maxRedrives,
    execute: options.execute === true,
    readerOf: (source) => readerOf(kafka.settings, source, letters),
  });
  show(result, options.json === true);
  const { sent, parked, failed } = result;
  if (failed > 0) {
    throw new ReplaygroundError('redrive-failed', `${failed} of ${sent + parked + failed} dead letters were not sent`, { retriable: true });
  }
}

function show({ lines, ...summary }: RedriveCounts & { lines: RedriveLine[] }, json: boolean): void {
  if (json) {
    printJson<'dlq-redrive'>({
      ...summary,
      letters: lines.map(({ record, to, result }) => ({ ...letterJson(record), to: to ?? null, result })),
    });
    return;
  }
  printTable(
    ['LETTER', 'REASON', 'FROM', 'TO', 'KEY', 'RESULT'],
    lines.map(({ record, to, result }) => [
      letterName(record),
      deadLetterInfo(record).reason,
      placeOf(record),
      to,
      keyCell(record),
      result,
    ]),
  );
  note(`lab: ${redriveText(summary)}`);
}

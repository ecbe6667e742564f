/** `./lab dlq list|show|redrive`: the records that could not be read, why, and back to their topic once that is mended. */
import type { Command } from 'commander';
import { parkingTopic } from '../../../kafka/admin/side-topics.ts';
import { deadLetterInfo } from '../../../kafka/dead-letters/read-letter-headers.ts';
import { oneLine } from '../../../kafka/one-line.ts';
import { headerTexts, textOf, timeOf } from '../../../kafka/record/show-record.ts';
import { listLetters } from '../../../kafka/redrive/list-letters.ts';
import { letterName } from '../../../kafka/redrive/redriven-letter.ts';
import { fateText } from '../../../kafka/redrive/sent-back-notes.ts';
import { wholeNumber } from '../../../lab/cli/numbers.ts';
import { note, print, printTable, withJson } from '../../../lab/terminal/output.ts';
import type { SystemFacts } from '../../../lab/wire/system-facts.ts';
import { readerOf } from '../../../pipeline/events/topics.ts';
import { printJson } from '../../answers/print-answer.ts';
import { openKafka } from '../../client/kafka-clients.ts';
import { findLetters, keyCell, letterJson, letterTopic, placeOf } from '../dlq-letters.ts';
import { sendBack } from '../dlq-redrive.ts';

type ListOptions = { count: string; parked?: boolean; json?: boolean };

const parkedOption = ['--parked', 'those that were sent back too often, in the parking topic'] as const;

export function register(program: Command): void {
  const dlq = program.command('dlq').description('dead letters: records that could not be read');
  withJson(dlq.command('list'))
    .description('what is in the dead-letter topics, and why')
    .argument(
      '[topic]',
      'order-events, inventory-events, notifications, or any dead-letter topic (share groups, Connect, Streams, Spring); without it all of the system',
    )
    .option(...parkedOption)
    .option('-n, --count <n>', 'the newest so many', '100')
    .addHelpText('after', '\nExample:\n  ./lab dlq list order-events')
    .action(list);
  withJson(dlq.command('show'))
    .description('one dead letter whole: reason, headers, bytes')
    .argument('<topic>', 'order-events or inventory-events')
    .argument('<partition:offset>', 'as dlq list shows it')
    .option(...parkedOption)
    .addHelpText('after', '\nExample:\n  ./lab dlq show order-events 0:17')
    .action(show);
  withJson(dlq.command('redrive'))
    .description('send dead letters back to their topic; a dry run unless --execute')
    .argument('<topic>', 'order-events or inventory-events')
    .argument('[partition:offset...]', 'which ones')
    .option('--all', 'all that came since the last --all')
    .option('--again', 'with --all: from the beginning')
    .option(...parkedOption)
    .option('--max-redrives <n>', 'park what was sent back so many times already', '3')
    .option('--execute', 'do it')
    .addHelpText(
      'after',
      '\nExamples:\n  ./lab dlq redrive order-events 0:17 --execute\n  ./lab dlq redrive order-events --all\n  ./lab dlq redrive notifications --all --execute',
    )
    .action(sendBack);
}

const allTopics = ({ deadLetterTopics }: SystemFacts, parked = false): string[] =>
  parked ? deadLetterTopics.map(parkingTopic) : deadLetterTopics;

async function list(topic: string | undefined, { count, parked, json }: ListOptions): Promise<void> {
  const most = wholeNumber('-n', count, 1, 1_000_000);
  using kafka = await openKafka();
  const topics = topic === undefined ? allTopics(kafka.system, parked) : [await letterTopic(kafka, topic, parked)];
  const { letters, total } = await listLetters(kafka, topics, most, (one, of) => readerOf(kafka.settings, one, of));
  if (json) {
    return printJson<'dlq-list'>({
      total,
      letters: letters.map(({ record, fate }) => ({ ...letterJson(record), sentBack: fate ?? null })),
    });
  }
  printTable(
    ['TOPIC', 'LETTER', 'AT', 'REASON', 'FROM', 'KEY', 'REDRIVES', 'SENT BACK'],
    letters.map(({ record, fate }) => {
      const { at, reason, redrives, before } = deadLetterInfo(record);
      return [
        record.topic,
        letterName(record),
        at,
        reason,
        placeOf(record),
        keyCell(record),
        before === undefined ? redrives : `${redrives} (was ${before})`,
        fate && fateText(fate),
      ];
    }),
  );
  if (total === null) note(`lab: the newest ${letters.length}; more with -n`);
}

async function show(topic: string, position: string, { parked, json }: { parked?: boolean; json?: boolean }): Promise<void> {
  using kafka = await openKafka();
  const [record] = await findLetters(kafka, await letterTopic(kafka, topic, parked), [position]);
  if (!record) return;
  if (json) return printJson<'dlq-show'>(letterJson(record));
  const {
    writer,
    at,
    reason,
    message,
    group,
    topic: origin,
    partition,
    offset,
    redrives,
    parkedFrom,
    deliveryCount,
    before,
    cut,
  } = deadLetterInfo(record);
  const rows: [string, string | number | null | undefined][] = [
    ['letter', `${record.topic} ${letterName(record)}`],
    ['reason', reason],
    ['message', message],
    ['from', origin === undefined ? undefined : `${origin} partition ${partition ?? '-'} offset ${offset ?? '-'}`],
    ['given up by', group],
    ['at', at],
    ['headers of', writer],
    ...(deliveryCount === undefined ? [] : [['delivered', `${deliveryCount} times`] as [string, string]]),
    ...(parkedFrom === undefined ? [] : [['parked', `letter ${parkedFrom} of the dead-letter topic`] as [string, string]]),
    ['sent back', `${redrives} times${before === undefined ? '' : `, last as letter ${before}`}`],
    ...(cut === undefined
      ? []
      : [['not whole', `${cut.lost} cut; the value had ${cut.size} bytes, sha256 ${cut.sha256}`] as [string, string]]),
    ['time', timeOf(record)],
    ['key', textOf(record.key)],
    ['bytes', record.value?.length ?? 'none (a tombstone)'],
  ];
  for (const [name, value] of rows) print(`${name.padEnd(12)}${value === null || value === undefined ? '-' : oneLine(String(value))}`);
  print('headers');
  for (const [name, value] of headerTexts(record)) print(`  ${oneLine(name)}: ${oneLine(value ?? '(null)')}`);
  print('value');
  print(`  ${oneLine(textOf(record.value) ?? '(null)')}`);
}

/** `./lab tail`: the records of a topic as they come, or the last ones. */

import type { Message, TopicPartitionOffset } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { Command } from 'commander';
import type { BridgeConsumer } from '../../../kafka/bridge/bridge-consumer.ts';
import type { OffsetAnswer, OffsetAt } from '../../../kafka/groups/inspector.ts';
import { connectReader, followingReads, readToEnd } from '../../../kafka/reading/read-to-end.ts';
import { follow, lastRecords } from '../../../kafka/reading/tail-topic.ts';
import { recordJson, recordLines, textOf } from '../../../kafka/record/show-record.ts';
import { abortOnInterrupt } from '../../../lab/cli/interrupt.ts';
import { wholeNumber } from '../../../lab/cli/numbers.ts';
import { interrupted, usageError } from '../../../lab/terminal/exit-codes.ts';
import { note, print, withJson } from '../../../lab/terminal/output.ts';
import { printJsonLine } from '../../answers/print-answer.ts';
import { type KafkaClients, openKafka } from '../../client/kafka-clients.ts';
import { topicCalled } from '../other-names.ts';
import { parseFrom, type TailFrom } from '../tail-arguments.ts';

type Options = {
  from?: string;
  count?: string;
  partition?: string;
  key?: string;
  exitAtEnd?: boolean;
  headers?: boolean;
  uncommitted?: boolean;
  json?: boolean;
};

export function register(program: Command): void {
  withJson(program.command('tail'))
    .description('the records of a topic: partition, offset, time, key, value')
    .argument('<topic>', 'order-events, inventory-events, order-events.dlq, ...')
    .option('--from <where>', 'earliest, latest, an offset, or a time (RFC 3339); by default latest')
    .option('-n, --count <n>', 'end after so many records; without --from: the last so many')
    .option('-e, --exit-at-end', 'end at the end of the topic')
    .option('--partition <p>', 'only this partition')
    .option('--key <key>', 'only records with this key')
    .option('--headers', 'the headers too')
    .option('--uncommitted', 'also records of transactions that are open or aborted')
    .addHelpText(
      'after',
      '\nExamples:\n  ./lab tail inventory-events -n 5\n  ./lab tail order-events --from earliest --key <order id> -e --json',
    )
    .action(tail);
}

async function tail(name: string, options: Options): Promise<void> {
  const from = options.from === undefined ? undefined : parseFrom(options.from);
  const count = options.count === undefined ? undefined : wholeNumber('-n', options.count, 1, 1_000_000);
  const only = options.partition === undefined ? undefined : wholeNumber('--partition', options.partition, 0, 1_000_000);
  using kafka = await openKafka();
  const topic = await topicCalled(kafka, name);
  const partitions = (await kafka.inspector.ask('partitionsOf', [topic])).filter(
    ({ partition }) => only === undefined || partition === only,
  );
  if (partitions.length === 0) throw usageError(`there is no topic '${topic}'${only === undefined ? '' : ` with a partition ${only}`}`);
  const [earliest, latest] = await Promise.all([offsets(kafka, partitions, 'earliest'), offsets(kafka, partitions, 'latest')]);
  const bounds = partitions.map((one, index) => ({ ...one, earliest: earliest[index] ?? 0, latest: latest[index] ?? 0 }));

  const isWanted = ({ key }: Message): boolean => options.key === undefined || textOf(key) === options.key;
  const show = (record: Message): void => {
    if (options.json) printJsonLine<'tail'>(recordJson(record));
    else for (const line of recordLines(record, options.headers ?? false)) print(line);
  };
  const isolation = options.uncommitted ? 'read_uncommitted' : 'read_committed';
  await using reader = await connectReader({ ...kafka.config, ...followingReads, 'client.id': 'lab-tail', 'isolation.level': isolation });
  if (from === undefined && count !== undefined) {
    for (const record of await lastRecords(reader, bounds, count, isWanted)) show(record);
    return;
  }
  const starts = await startsOf(kafka, bounds, from ?? { at: 'latest' });
  await showFrom(reader, starts, { count, exitAtEnd: options.exitAtEnd ?? false, isWanted, show });
}

type Showing = { count: number | undefined; exitAtEnd: boolean; isWanted: (record: Message) => boolean; show: (record: Message) => void };

async function showFrom(
  consumer: BridgeConsumer,
  starts: TopicPartitionOffset[],
  { count, exitAtEnd, isWanted, show }: Showing,
): Promise<void> {
  let left = count ?? Number.POSITIVE_INFINITY;
  const take = (record: Message): boolean => {
    if (left > 0 && isWanted(record)) {
      show(record);
      left -= 1;
    }
    return left > 0;
  };
  if (exitAtEnd) {
    await readToEnd(consumer, starts, (records) => records.every(take));
    return;
  }
  const signal = abortOnInterrupt();
  await follow(consumer, starts, take, signal);
  if (signal.aborted) throw interrupted();
}

type PartitionBounds = { topic: string; partition: number; earliest: number; latest: number };

async function startsOf(kafka: KafkaClients, bounds: readonly PartitionBounds[], from: TailFrom): Promise<TopicPartitionOffset[]> {
  const wanted = 'offset' in from ? bounds.map(() => from.offset) : await offsets(kafka, bounds, from.at);
  return bounds.map(({ topic, partition, earliest, latest }, index) => {
    const offset = wanted[index] ?? -1;
    // After the last record of that time, or past the end: from the end on.
    const start = offset < 0 ? latest : Math.min(latest, Math.max(earliest, offset));
    return { topic, partition, offset: start };
  });
}

async function offsets(kafka: KafkaClients, partitions: readonly { topic: string; partition: number }[], at: OffsetAt): Promise<number[]> {
  return (await kafka.inspector.ask('offsets', partitions, at)).map(known);
}

/** One bad partition does not keep the others from being read. */
function known({ topic, partition, offset, error }: OffsetAnswer): number {
  if (error !== undefined) note(`lab: ${topic} partition ${partition} cannot be read: ${error}`);
  return offset ?? 0;
}

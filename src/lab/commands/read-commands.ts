/** The command in a terminal for each thing that the dashboard can look at. */
import type { Command, Terminal } from '../wire/all.ts';
import { kafkaLine, labCommand, quoted } from './terminal.ts';

export const topicsCommand = (terminal: Terminal): Command => {
  const line = kafkaLine(terminal, 'topics', ['--describe']);
  return { lab: line, kafka: line };
};

export const configsCommand = (terminal: Terminal): Command => {
  const line = kafkaLine(terminal, 'configs', ['--describe', '--all', '--entity-type', 'topics']);
  return { lab: line, kafka: line };
};

export const groupCommand = (terminal: Terminal, group: string): Command =>
  labCommand(terminal, ['lag', quoted(group)], kafkaLine(terminal, 'consumer-groups', ['--describe', '--group', quoted(group)]));

export const queueCommand = (terminal: Terminal, group: string): Command =>
  labCommand(terminal, ['lag', quoted(group)], kafkaLine(terminal, 'share-groups', ['--describe', '--group', quoted(group)]));

export type RecordsQuery = {
  topic: string;
  from: string;
  limit: number;
  partition?: number | undefined;
  key?: string | undefined;
  uncommitted?: boolean;
};

export function recordsCommand(terminal: Terminal, { topic, from, limit, partition, key, uncommitted }: RecordsQuery): Command {
  const start = from === 'newest' ? [] : ['--from', quoted(from)];
  const words = [
    'tail',
    quoted(topic),
    ...start,
    '-n',
    String(limit),
    ...(start.length > 0 ? ['-e'] : []),
    ...(partition === undefined ? [] : ['--partition', String(partition)]),
    ...(key === undefined ? [] : ['--key', quoted(key)]),
    ...(uncommitted ? ['--uncommitted'] : []),
  ];
  return labCommand(terminal, words, consumeLine(terminal, topic, limit));
}

/** From the beginning, so many, and not longer than there is something to read. */
const consumeLine = (terminal: Terminal, topic: string, limit: number): string =>
  kafkaLine(terminal, 'console-consumer', [
    '--topic',
    quoted(topic),
    '--from-beginning',
    '--max-messages',
    String(limit),
    '--timeout-ms',
    '5000',
    ...['print.key=true', 'print.headers=true'].flatMap((property) => ['--formatter-property', property]),
  ]);

/** @param deadLetterTopic that Kafka's own tool reads */
export const deadLettersCommand = (terminal: Terminal, topic: string | undefined, deadLetterTopic: string | undefined): Command =>
  labCommand(
    terminal,
    ['dlq', 'list', ...(topic ? [quoted(topic)] : [])],
    deadLetterTopic === undefined ? undefined : consumeLine(terminal, deadLetterTopic, 100),
  );

export const ledgerCommand = (terminal: Terminal): Command => labCommand(terminal, ['ledger']);

export const logsCommand = (terminal: Terminal, name: string, tail: number): Command =>
  labCommand(terminal, ['logs', '-f', '--tail', String(tail), quoted(name)]);

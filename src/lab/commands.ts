/** The command in a terminal for each thing that the dashboard does. Without imports of Node, so that the page can show it before the click. */
import type {
  BurstRequest,
  Command,
  OffsetsRequest,
  OffsetTarget,
  RedriveRequest,
  ReplayRequest,
  SettingsRequest,
  UndoRequest,
} from './api-types.ts';

const bootstrap = '--bootstrap-server localhost:9092';
const plain = /^[A-Za-z0-9_./:=,@%+-]+$/;

/** @returns the text as one word of a POSIX shell */
export const quoted = (text: string): string => (plain.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`);

const lab = (words: readonly string[], kafka: string | null = null): Command => ({ lab: ['./lab', ...words].join(' '), kafka });

/** @param action `stop`, `start`, `restart`, `kill` */
export const actionCommand = (action: string, name: string): Command => lab([action, quoted(name)]);

export const scaleCommand = (service: string, count: number): Command => lab(['scale', quoted(`${service}=${count}`)]);

export const burstCommand = ({ count, ratePerSec, failRate, seed }: BurstRequest): Command =>
  lab([
    'burst',
    String(count),
    ...(ratePerSec === undefined ? [] : ['--rate', `${ratePerSec}/s`]),
    ...(failRate === undefined ? [] : ['--fail-rate', String(failRate)]),
    ...(seed === undefined ? [] : ['--seed', quoted(seed)]),
  ]);

export function settingsCommand(service: string, { throttleMs, failRate, paused, defaults }: SettingsRequest): Command {
  if (defaults) return lab(['set', service, '--defaults']);
  const pairs = [
    ...(throttleMs === undefined ? [] : [`throttle=${throttleMs}ms`]),
    ...(failRate === undefined ? [] : [`fail-rate=${failRate}`]),
    ...(paused === undefined ? [] : [`paused=${paused}`]),
  ];
  return lab(['set', service, ...pairs]);
}

/** @param verb `plan` or `reset` */
export function offsetsCommand(verb: 'plan' | 'reset', { group, target, topics }: Omit<OffsetsRequest, 'stopAndStart'>): Command {
  const scope = topics === undefined || topics.length === 0 ? ['--all-topics'] : topics.flatMap((topic) => ['--topic', quoted(topic)]);
  const words = ['--group', quoted(group), ...scope, ...targetWords(target)];
  const execute = verb === 'reset' ? ['--execute'] : [];
  const kafka = ['kafka-consumer-groups.sh', bootstrap, '--reset-offsets', ...words, execute[0] ?? '--dry-run'].map(asKafkaWants).join(' ');
  return lab(['offsets', verb, ...words, ...execute], kafka);
}

/** Kafka's tool takes a time without an offset. */
const asKafkaWants = (word: string): string =>
  word.replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,3})?\d*Z$/, (_all, seconds, ms) => `${seconds}${ms ?? '.000'}`);

function targetWords(target: OffsetTarget): string[] {
  switch (target.to) {
    case 'offset':
      return ['--to-offset', String(target.offset)];
    case 'shift':
      return ['--shift-by', String(target.by)];
    case 'datetime':
      return ['--to-datetime', quoted(target.at)];
    case 'duration':
      return ['--by-duration', quoted(target.ago)];
    default:
      return [`--to-${target.to}`];
  }
}

export const undoCommand = ({ group, backup, plan }: UndoRequest): Command =>
  lab(['offsets', 'undo', '--group', quoted(group), ...(backup ? ['--from', quoted(backup)] : []), ...(plan ? [] : ['--execute'])]);

/** @param analyticsUrl where analytics-service listens: a replay in place has no verb of its own */
export const replayCommand = ({ to }: ReplayRequest, analyticsUrl: string): Command =>
  to === undefined || to === 'earliest'
    ? lab(['replay'])
    : {
        lab: `curl -X POST ${analyticsUrl}/replay -H 'content-type: application/json' -d ${quoted(JSON.stringify({ to }))}`,
        kafka: null,
      };

export const topicsCommand = (): Command => lab(['kafka', 'topics', '--describe'], `kafka-topics.sh ${bootstrap} --describe`);

export const groupCommand = (group: string): Command =>
  lab(['lag', quoted(group)], `kafka-consumer-groups.sh ${bootstrap} --describe --group ${quoted(group)}`);

export type RecordsQuery = { topic: string; from: string; limit: number; partition?: number | undefined; key?: string | undefined };

export function recordsCommand({ topic, from, limit, partition, key }: RecordsQuery): Command {
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
  ];
  const kafka = `kafka-console-consumer.sh ${bootstrap} --topic ${quoted(topic)} --from-beginning --property print.key=true`;
  return lab(words, kafka);
}

export const journeyCommand = (topics: readonly string[], orderId: string): Command => ({
  lab: topics.map((topic) => `./lab tail ${quoted(topic)} --from earliest -e --key ${quoted(orderId)}`).join('; '),
  kafka: null,
});

export const deadLettersCommand = (topic?: string): Command => lab(['dlq', 'list', ...(topic ? [quoted(topic)] : [])]);

export const redriveCommand = ({ topic, letters = [], all, maxRedrives, plan }: RedriveRequest): Command =>
  lab([
    'dlq',
    'redrive',
    quoted(topic),
    ...(all ? ['--all'] : letters),
    ...(maxRedrives === undefined ? [] : ['--max-redrives', String(maxRedrives)]),
    ...(plan ? [] : ['--execute']),
  ]);

export const logsCommand = (name: string, tail: number): Command => lab(['logs', '-f', '--tail', String(tail), quoted(name)]);

/** @param here in the running lab, else in one of its own */
export const scenarioCommand = (name: string, here: boolean): Command => lab(['run', quoted(name), ...(here ? ['--here'] : [])]);

/** @param ordersUrl where order-service listens */
export const orderCommand = (body: object, ordersUrl: string): Command => ({
  lab: `curl -X POST ${ordersUrl}/produce -H 'content-type: application/json' -d ${quoted(JSON.stringify(body))}`,
  kafka: null,
});

/** @param value bytes that are no order */
export const poisonCommand = (topic: string, key: string, value: string): Command => {
  const producer = `${bootstrap} --topic ${quoted(topic)} --property parse.key=true --property key.separator='|'`;
  const line = `echo ${quoted(`${key}|${value}`)}`;
  return { lab: `${line} | ./lab kafka console-producer ${producer}`, kafka: `${line} | kafka-console-producer.sh ${producer}` };
};

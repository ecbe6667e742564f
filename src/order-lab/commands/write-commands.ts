/** The command in a terminal for each thing that the dashboard can do. Without imports of Node, so that the page shows it before the click. */

import { curlLine, kafkaLine, labCommand, labLine, produceLine, quoted } from '../../lab/commands/terminal.ts';
import type {
  BurstRequest,
  Command,
  OffsetsRequest,
  OffsetTarget,
  Pipeline,
  RedriveRequest,
  ReplayRequest,
  SettingsRequest,
  SetValues,
  Terminal,
  UndoRequest,
} from '../wire/all.ts';

/** @param action `stop`, `start`, `restart`, `kill` */
export const actionCommand = (terminal: Terminal, action: string, name: string): Command => labCommand(terminal, [action, quoted(name)]);

export const scaleCommand = (terminal: Terminal, service: string, count: number): Command =>
  labCommand(terminal, ['scale', quoted(`${service}=${count}`)]);

export const burstCommand = (terminal: Terminal, { count, ratePerSec, failRate, seed, hot }: BurstRequest): Command =>
  labCommand(terminal, [
    'burst',
    String(count),
    ...(ratePerSec === undefined ? [] : ['--rate', `${ratePerSec}/s`]),
    ...(failRate === undefined ? [] : ['--fail-rate', String(failRate)]),
    ...(seed === undefined ? [] : ['--seed', quoted(seed)]),
    ...(hot === undefined ? [] : ['--hot', String(hot)]),
  ]);

/** @param all what is set then, all in all: Kafka's own producer knows no merging */
export function settingsCommand(
  terminal: Terminal,
  service: string,
  { throttleMs, failRate, rejectRate, paused, defaults }: SettingsRequest,
  all: SetValues,
): Command {
  if (defaults) return labCommand(terminal, ['set', service, '--defaults']);
  const pairs = [
    ...(throttleMs === undefined ? [] : [`throttle=${throttleMs}ms`]),
    ...(failRate === undefined ? [] : [`fail-rate=${failRate}`]),
    ...(rejectRate === undefined ? [] : [`reject-rate=${rejectRate}`]),
    ...(paused === undefined ? [] : [`paused=${paused}`]),
  ];
  return labCommand(terminal, ['set', service, ...pairs], produceLine(terminal, 'lab-settings', service, JSON.stringify(all)));
}

/** @param verb `plan` or `reset` */
export function offsetsCommand(
  terminal: Terminal,
  verb: 'plan' | 'reset',
  { group, target, topics = [] }: Omit<OffsetsRequest, 'stopAndStart'>,
): Command {
  const scope = topics.length === 0 ? ['--all-topics'] : topics.flatMap((topic) => ['--topic', quoted(topic)]);
  const words = ['--group', quoted(group), ...scope, ...targetWords(target)];
  const kafkaWords = ['--reset-offsets', ...words.map(asKafkaWants), verb === 'reset' ? '--execute' : '--dry-run'];
  const labWords = ['offsets', verb, ...words, ...(verb === 'reset' ? ['--execute'] : [])];
  return labCommand(terminal, labWords, kafkaLine(terminal, 'consumer-groups', kafkaWords));
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

export const undoCommand = (terminal: Terminal, { group, backup, plan }: UndoRequest): Command =>
  labCommand(terminal, [
    'offsets',
    'undo',
    '--group',
    quoted(group),
    ...(backup ? ['--from', quoted(backup)] : []),
    ...(plan ? [] : ['--execute']),
  ]);

/**
 * A replay by the lab's verb is the one that anybody can do by Kafka's own tool: stop, reset, start.
 * @param analyticsUrl where analytics-service listens: a replay in place from a time has no verb of its own
 */
export function replayCommand(
  terminal: Terminal,
  { to }: ReplayRequest,
  { analyticsGroup, ordersTopic, inventoryTopic }: Pipeline,
  analyticsUrl: string | null,
): Command {
  if (to !== undefined && to !== 'earliest' && analyticsUrl !== null)
    return { lab: curlLine(`${analyticsUrl}/replay`, { to }), kafka: null };
  const topics = [ordersTopic, inventoryTopic].flatMap((topic) => ['--topic', quoted(topic)]);
  const reset = ['--reset-offsets', '--group', quoted(analyticsGroup), ...topics, '--to-earliest', '--execute'];
  const steps = [
    labLine(terminal, ['stop', 'analytics-service']),
    kafkaLine(terminal, 'consumer-groups', reset),
    labLine(terminal, ['start', 'analytics-service']),
  ];
  return labCommand(terminal, ['replay'], steps.join(' && '));
}

export const redriveCommand = (terminal: Terminal, { topic, letters = [], all, maxRedrives, plan }: RedriveRequest): Command =>
  labCommand(terminal, [
    'dlq',
    'redrive',
    quoted(topic),
    ...(all ? ['--all'] : letters),
    ...(maxRedrives === undefined ? [] : ['--max-redrives', String(maxRedrives)]),
    ...(plan ? [] : ['--execute']),
  ]);

/** @param here in the running lab, else in one of its own */
export const scenarioCommand = (terminal: Terminal, name: string, here: boolean): Command =>
  labCommand(terminal, ['run', quoted(name), ...(here ? ['--here'] : [])]);

/** @param ordersUrl where order-service listens */
export const orderCommand = (body: object, ordersUrl: string): Command => ({ lab: curlLine(`${ordersUrl}/produce`, body), kafka: null });

/** A record straight into a topic is what Kafka's own producer is for: the lab has no other way. */
export const recordCommand = (terminal: Terminal, topic: string, key: string, value: string): Command => {
  const line = produceLine(terminal, topic, key, value);
  return { lab: line, kafka: line };
};

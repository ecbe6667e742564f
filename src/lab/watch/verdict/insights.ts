/** The sentences that explain what is seen: from the numbers of now to what an engineer would say about them. */

import { nearest, nearness, retentionText } from '../../../kafka/groups/retention.ts';
import { partitionKey } from '../../../kafka/partition.ts';
import type { GroupPartition, GroupView, Insight, LiveState, ProcessView } from '../../wire/all.ts';
import type { insightIds } from '../../wire/explanation.ts';
import { count, number } from './group-verdict.ts';
import { moreInstances } from './more-instances.ts';
import { strangersText } from './strangers.ts';
import type { WaitingPartition } from './waiting-transactions.ts';

export type InsightFacts = Pick<LiveState, 'groups' | 'settings' | 'sources'> & {
  /** Partitions that stand at a transaction that somebody leaves open. */
  waiting: readonly WaitingPartition[];
  /** Committed offsets that are not in their logs. */
  outOfRange: readonly { group: string; text: string }[];
  /** Why Kafka does not answer, where that is known. */
  whySilent?: string | undefined;
  processes: readonly Pick<ProcessView, 'name' | 'service' | 'state' | 'detail'>[];
  /** What only this system says, see `OwnLooks`. */
  own: readonly Insight[];
  readsAgain: string | null;
  readInAll: string | null;
  ownNames: string | null;
};

/** From this share of the lag on, one partition is the trouble. */
const hotShare = 0.6;
/** A skew over fewer records is chance. */
const leastLag = 100;
const stateOrder = { bad: 0, warn: 1, info: 2 } as const;

/** @returns the sentences, the worst first */
export function insightsOf(facts: InsightFacts): Insight[] {
  const found = [
    ...aboutSources(facts),
    ...aboutProcesses(facts),
    ...facts.waiting.map(({ text }) => bad('open-transaction', null, text)),
    ...facts.outOfRange.map(({ group, text }) => bad('out-of-range', group, text)),
    ...facts.groups.flatMap((group) => aboutGroup(group, facts)),
    ...facts.own,
  ];
  found.push(...aboutStart(facts));
  if (found.every(({ id }) => isCalm.has(id)) && facts.groups.length > 0 && facts.groups.every(isRead)) {
    const inAll = facts.readInAll === null ? '' : `${facts.readInAll}, `;
    const rest = found.map((one): Insight => ({ ...one, level: 'info' }));
    return [info('all-read', null, `everything is read: ${inAll}no lag`), ...rest];
  }
  return found.sort((a, b) => stateOrder[a.level] - stateOrder[b.level]);
}

type Make = (id: (typeof insightIds)[number], group: string | null, text: string) => Insight;
const bad: Make = (id, group, text) => ({ id, level: 'bad', group, text });
const warn: Make = (id, group, text) => ({ id, level: 'warn', group, text });
const info: Make = (id, group, text) => ({ id, level: 'info', group, text });

/** Nothing runs yet. */
const isBeginning = ({ processes, sources }: InsightFacts): boolean => processes.length === 0 && sources.kafka.okAt === null;

/** Says how it is set up, which is nobody's trouble where nothing waits. */
const isCalm: ReadonlySet<Insight['id']> = new Set(['idle-instance', 'throttled']);

/** A Kafka that starts has not told anything that could be old. */
const isStartingKafka = (facts: InsightFacts): boolean =>
  facts.sources.kafka.okAt === null &&
  (isBeginning(facts) || facts.processes.some(({ name, state }) => name === 'kafka' && state === 'starting'));

const aboutSources = (facts: InsightFacts): Insight[] =>
  facts.sources.kafka.staleSince === null || isStartingKafka(facts)
    ? []
    : [bad('kafka-away', null, `${facts.whySilent ?? 'Kafka does not answer'}: what is shown of it is old`)];

/** One that nobody has looked at yet may have lag, whatever the sum over what is known is. */
const isRead = ({ totalLag, state }: GroupView): boolean => totalLag === 0 && state !== 'Unknown';

const startingText = (names: readonly string[]): string =>
  `${new Intl.ListFormat('en-GB').format(names)} ${names.length === 1 ? 'is' : 'are'} starting`;

/** Who is not ready yet, and then whether it is known who is in the groups. */
function aboutStart(facts: InsightFacts): Insight[] {
  const { processes, groups, sources } = facts;
  if (isBeginning(facts)) return [info('starting', null, 'the lab is starting')];
  const starting = processes.filter(({ state }) => state === 'starting').map(({ name }) => (name === 'kafka' ? 'Kafka' : name));
  if (starting.length > 0) {
    return [info('starting', null, startingText(starting))];
  }
  const isUnknown = groups.length === 0 || groups.some(({ state }) => state === 'Unknown');
  return isUnknown && sources.kafka.staleSince === null
    ? [info('starting', null, 'not yet known: Kafka has not told who is in every group')]
    : [];
}

const aboutProcesses = ({ processes }: InsightFacts): Insight[] =>
  processes
    .filter(({ state }) => state === 'restarting' || state === 'crashed')
    .map(({ name, detail }) => bad('crashed', null, `${name} crashed${detail ? ` (${detail})` : ''}`));

function aboutGroup(group: GroupView, facts: InsightFacts): Insight[] {
  const { group: name, service, verdict, verdictText, state } = group;
  const running = facts.processes.filter((one) => one.service === service && one.state !== 'stopped');
  const { inForce = null, notes = [] } = facts.settings[service] ?? {};
  const found: Insight[] = [];
  if (notes.length > 0) found.push(warn('noted', name, notes.join('. ')));
  if (verdict === 'STOP') found.push((group.totalLag ? bad : warn)('stopped', name, stoppedText(group, running.length)));
  if (inForce?.paused && running.length > 0) {
    found.push(
      warn('paused', name, `${service} is paused: it stays in its group and reads nothing; ${count(group.totalLag ?? 0, 'record')} wait`),
    );
  } else if (verdict === 'STALL' && !facts.waiting.some(({ text }) => text === verdictText))
    found.push(bad('stalled', name, `${name}: ${verdictText}`));
  if (state === 'PreparingRebalance' || state === 'CompletingRebalance') {
    found.push(warn('rebalancing', name, `${name} rebalances: its members wait until each knows its partitions`));
  }
  const strangers = strangersText({ ...group, own: running.length, ownNames: facts.ownNames });
  if (strangers !== null) found.push(warn('strangers', name, strangers));
  found.push(
    ...aboutRetention(group),
    // Who reads again takes partition after partition: that is no skew.
    ...(service === facts.readsAgain ? [] : aboutSkew(group, facts)),
    ...aboutIdle(group),
    ...aboutThrottle(group, inForce?.throttleMs ?? 0),
  );
  // Rates of before say nothing while Kafka is away.
  if (facts.sources.kafka.staleSince !== null) return found;
  if (verdict === 'WARN') {
    const come = (group.trend?.perSec ?? 0) + (group.readPerSec ?? 0);
    found.push(
      warn(
        'growing',
        name,
        `the lag of ${name} grows by ${number(group.trend?.perSec ?? 0)}/s: ${number(come)}/s come in, ${number(group.readPerSec ?? 0)}/s are read`,
      ),
    );
  }
  if ((group.totalLag ?? 0) > 0) found.push(...aboutTheEnd(group));
  return found;
}

/** What is read by now, or foretold, or why it is not. */
function aboutTheEnd({ group, trend, totalLag, drainSec, goneText }: GroupView): Insight[] {
  if (drainSec !== null && trend?.direction === 'draining')
    return [info('draining', group, `the lag of ${group} falls by ${number(-trend.perSec)}/s: ${goneText}`)];
  if (goneText === '' || (totalLag ?? 0) < leastLag) return [];
  return [info('draining', group, `${drainSec === null ? `when the lag of ${group} is gone` : `the lag of ${group}`}: ${goneText}`)];
}

function stoppedText({ group, service, totalLag }: GroupView, running: number): string {
  const wait = totalLag ? `${count(totalLag, 'record')} wait for it` : 'nothing waits for it yet';
  return running === 0 ? `${service} is stopped: ${wait}` : `nobody is in ${group} yet: ${wait}`;
}

function aboutRetention({ group, partitions }: GroupView): Insight[] {
  const first = nearest(partitions);
  const near = partitions.filter(({ retention }) => nearness(retention) !== null).length;
  if (first === undefined || near === 0) return [];
  const others = near === 1 ? '' : `; ${count(near - 1, 'other partition')} of the group ${near === 2 ? 'is' : 'are'} near it too`;
  const make = nearness(first.retention) === 'urgent' ? bad : warn;
  return [make('retention', group, `${retentionText(first, group, first.retention)}${others}`)];
}

function aboutSkew(view: GroupView, { waiting, processes }: Pick<InsightFacts, 'waiting' | 'processes'>): Insight[] {
  const { group, service, partitions: all, totalLag, members, state } = view;
  // One that waits for somebody's transaction is not slow.
  const partitions = all.filter((one) => !waiting.some((other) => partitionKey(other) === partitionKey(one)));
  const [hot] = [...partitions].sort((a, b) => (b.lag ?? 0) - (a.lag ?? 0));
  const ofTopic = partitions.filter(({ topic }) => topic === hot?.topic);
  const lagOfTopic = ofTopic.reduce((sum, { lag }) => sum + (lag ?? 0), 0);
  const share = lagOfTopic === 0 ? 0 : (hot?.lag ?? 0) / lagOfTopic;
  if (!hot || ofTopic.length < 2 || (totalLag ?? 0) < leastLag || share < hotShare || (hot.lag ?? 0) < leastLag || members.length === 0)
    return [];
  const what = `partition ${hot.partition}${severalTopics(partitions) ? ` of ${hot.topic}` : ''} holds ${Math.round(share * 100)}% of the lag`;
  const coming = processes.filter((one) => one.service === service && one.state === 'starting').map(({ name }) => name);
  const then = coming.length > 0 ? startingText(coming) : moreInstances({ members, partitions, state }).text;
  return [warn('hot-partition', group, `${what}: ${then}`)];
}

const severalTopics = (partitions: readonly GroupPartition[]): boolean => new Set(partitions.map(({ topic }) => topic)).size > 1;

function aboutIdle({ group, partitions, members, state }: GroupView): Insight[] {
  const idle = members.filter((member) => member.partitions.length === 0).length;
  if (idle === 0 || state !== 'Stable' || members.length <= partitions.length) return [];
  const who = idle === 1 ? 'one is idle' : `${idle} are idle`;
  return [warn('idle-instance', group, `${count(members.length, 'instance')}, ${count(partitions.length, 'partition')}: ${who}`)];
}

function aboutThrottle({ group, service, members }: GroupView, throttleMs: number): Insight[] {
  if (throttleMs === 0) return [];
  const reading = members.filter(({ partitions }) => partitions.length > 0).length;
  const most =
    reading === 0
      ? ''
      : `: ${count(reading, 'instance')} ${reading === 1 ? 'reads' : 'read'} at most ${number((1000 / throttleMs) * reading)}/s`;
  return [info('throttled', group, `${service} waits ${number(throttleMs)} ms per record${most}`)];
}

/** What `whenGone` needs to know of a group, out of samples, members, causes and settings. Pure. */
import { type Partition, partitionKey } from '../../../kafka/partition.ts';
import type { GroupStateName, Layout, Mark, MarkKind, Sample } from '../../wire/all.ts';
import type { Cause, Moment, Situation } from './when-gone.ts';

export type OutlookFacts = {
  group: string;
  service: string;
  layout: Layout;
  /** Of the last seconds, oldest first. */
  samples: readonly Sample[];
  state: GroupStateName;
  /** `name` by which people know a member: its process, or its client id. */
  members: readonly { name: string; partitions: readonly Partition[] }[];
  marks: readonly Mark[];
  paused: boolean;
  /** Partitions that stand at somebody's open transaction. */
  waiting: readonly Partition[];
};

/** What changes how fast a group reads, who reads what, or how much there is. */
const changing: readonly MarkKind[] = ['burst', 'set', 'scale', 'stop', 'start', 'kill', 'crash', 'rebalance', 'reset', 'replay', 'kafka'];

/** @returns the situation of the group now */
export function situationOf(facts: OutlookFacts): Situation {
  const { group, layout, samples, members } = facts;
  const readers = new Map(members.flatMap(({ name, partitions }) => partitions.map((one) => [partitionKey(one), name] as const)));
  return {
    moments: samples.map((sample) => momentOf(group, layout, sample)),
    readerOf: (id) => readers.get(id),
    halted: haltedBy(facts),
    cause: lastCause(facts),
  };
}

/** @returns the group in one sample */
export function momentOf(group: string, layout: Layout, { atMs, ends, committed, lag }: Sample): Moment {
  const partitions = layout.commits.flatMap((column, index) => {
    if (column.group !== group) return [];
    const id = partitionKey(column);
    const end = ends[layout.ends.findIndex((one) => partitionKey(one) === id)] ?? null;
    const left = lag[index] ?? null;
    // Without a commit it begins where its lag says.
    return [{ id, end, lag: left, next: committed[index] ?? (end === null || left === null ? null : end - left) }];
  });
  return { atMs, partitions };
}

function haltedBy({ group, layout, samples, state, members, paused, waiting }: OutlookFacts): string | undefined {
  if (state === 'PreparingRebalance' || state === 'CompletingRebalance') return 'rebalancing';
  if (members.length === 0) return 'nobody reads';
  if (paused) return 'paused';
  const last = samples.at(-1);
  const stands = layout.commits.findIndex(
    (column, index) =>
      column.group === group && last?.lag[index] !== 0 && waiting.some((one) => partitionKey(one) === partitionKey(column)),
  );
  return stands < 0 ? undefined : `${partitionKey(layout.commits[stands] as Partition)} waits for an open transaction`;
}

/** What changes a group beside a scale and what follows from it. */
export const beyondScale: readonly MarkKind[] = changing.filter((kind) => !['scale', 'stop', 'start', 'rebalance'].includes(kind));

/** @returns the last mark of these kinds that concerns the group */
export function lastCause(
  { group, service, marks }: Pick<OutlookFacts, 'group' | 'service' | 'marks'>,
  kinds: readonly MarkKind[] = changing,
): Cause | undefined {
  const concerns = ({ kind, subject }: Mark): boolean =>
    kind === 'burst' ||
    kind === 'kafka' ||
    subject === 'kafka' ||
    subject === group ||
    subject === service ||
    subject.startsWith(`${service}.`);
  const mark = marks.findLast((one) => kinds.includes(one.kind) && concerns(one));
  return mark && { atMs: mark.atMs, text: causeText(mark) };
}

/** @returns what goes behind "since" and "until": `a burst`, `the kill of consumer.2`, `throttle=5ms`, `scaled to 3` */
function causeText({ kind, subject, text }: Mark): string {
  if (kind === 'burst' || kind === 'rebalance') return `a ${kind}`;
  return ['start', 'stop', 'kill', 'crash'].includes(kind) ? `the ${kind} of ${subject}` : text;
}

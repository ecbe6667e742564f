/** From one look at Kafka to one sample: compact arrays, and how fast they grew since the last one. */
import { groupLag } from '../../../kafka/groups/lag.ts';
import { partitionKey } from '../../../kafka/partition.ts';
import { entryTopics, readingGroups } from '../../supervisor/reading-groups.ts';
import type { Layout, Sample } from '../../wire/all.ts';
import type { SystemFacts } from '../../wire/system-facts.ts';
import type { KafkaLook } from './measurement.ts';

/** What comes into a system, and who reads it first and last. */
export type Flow = { entries: string[]; first: string | undefined; last: string | undefined };

/** @returns of the groups that read what comes in, the first and the last, where there are two */
export function flowOf(system: Pick<SystemFacts, 'services'>): Flow {
  const entries = entryTopics(system);
  const [first, ...others] = readingGroups(system).filter(({ topics }) => topics.some((topic) => entries.includes(topic)));
  return { entries, first: first?.group, last: others.at(-1)?.group };
}

export type SampleContext = {
  layout: Layout;
  flow: Flow;
  before: Sample | undefined;
  /** What the system itself says, where it does. */
  ordersPerMin: number | null;
  endToEndMs: number | null;
};

/** @returns the sample of this look */
export function sampleOf(look: KafkaLook, { layout, flow, before, ordersPerMin, endToEndMs }: SampleContext): Sample {
  const ends = layout.ends.map((column) => look.ends.get(partitionKey(column)) ?? null);
  const committed = layout.commits.map((column) => look.committed.get(column.group)?.get(partitionKey(column)) ?? null);
  const lag = layout.commits.map((column, index) => {
    const key = partitionKey(column);
    // Its groups begin at the beginning where they have committed nothing.
    const start = look.beginnings.get(key);
    return groupLag({ committed: committed[index] ?? undefined, start, end: look.ends.get(key) }) ?? null;
  });
  const { entries, first, last } = flow;
  const comesIn = layout.ends.map(({ topic }) => entries.includes(topic));
  const ofGroup = (group: string | undefined): boolean[] =>
    layout.commits.map((column) => column.group === group && entries.includes(column.topic));
  const seconds = before === undefined ? 0 : (look.atMs - before.atMs) / 1000;
  return {
    atMs: look.atMs,
    ends,
    committed,
    lag,
    inPerSec: growth(before?.ends, ends, comesIn, seconds),
    decidedPerSec: growth(before?.committed, committed, ofGroup(first), seconds),
    seenPerSec: growth(before?.committed, committed, ofGroup(last), seconds),
    ordersPerMin,
    endToEndMs,
  };
}

type Offsets = readonly (number | null)[];

/** @returns per second over the chosen columns; null where one went back or none is known at both times */
export function growth(before: Offsets | undefined, now: Offsets, chosen: readonly boolean[], seconds: number): number | null {
  if (before === undefined || seconds <= 0) return null;
  let sum = 0;
  let known = 0;
  for (const [index, isChosen] of chosen.entries()) {
    const [was, is] = [before[index], now[index]];
    if (!isChosen || was === null || was === undefined || is === null || is === undefined) continue;
    if (is < was) return null;
    sum += is - was;
    known += 1;
  }
  return known === 0 ? null : Math.round((sum / seconds) * 10) / 10;
}

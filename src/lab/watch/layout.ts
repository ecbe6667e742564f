/** What the columns of the samples mean. Columns are only added, so that older samples stay readable. */
import { type Partition, partitionKey } from '../../kafka/partition.ts';
import type { Layout } from '../wire/all.ts';

type CommitColumn = Partition & { group: string };

const commitId = ({ group, topic, partition }: CommitColumn): string => `${group}/${topic}/${partition}`;

/**
 * @param layout the columns so far
 * @param found the partitions that exist now
 * @param readers which group reads which topics
 * @returns the same object where nothing is new, else one with columns added at the end
 */
export function extendLayout(layout: Layout, found: readonly Partition[], readers: readonly { group: string; topics: string[] }[]): Layout {
  const ends = missing(layout.ends, found, partitionKey);
  const wanted = readers.flatMap(({ group, topics }) =>
    found.filter(({ topic }) => topics.includes(topic)).map(({ topic, partition }) => ({ group, topic, partition })),
  );
  const commits = missing(layout.commits, wanted, commitId);
  if (ends.length === 0 && commits.length === 0) return layout;
  return { ends: [...layout.ends, ...ends], commits: [...layout.commits, ...commits] };
}

/** @returns by topic, that it was given partitions since it was seen first */
export function growthTexts(before: Layout, now: Layout): [topic: string, text: string][] {
  const was = Map.groupBy(before.ends, ({ topic }) => topic);
  return [...Map.groupBy(now.ends, ({ topic }) => topic)].flatMap(([topic, { length }]): [string, string][] => {
    const { length: earlier = length } = was.get(topic) ?? [];
    return was.has(topic) && length > earlier ? [[topic, `has ${length} partitions now, it had ${earlier}`]] : [];
  });
}

function missing<T>(known: readonly T[], found: readonly T[], idOf: (one: T) => string): T[] {
  const ids = new Set(known.map(idOf));
  return found.filter((one) => !ids.has(idOf(one)));
}

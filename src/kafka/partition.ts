/** A partition of a topic: how it is written down as one key, and in which order people list several. */

export type Partition = { topic: string; partition: number };
/** A place in a partition: the next record to read, where nothing else is said. */
export type PartitionOffset = Partition & { offset: number };

/** @returns `topic/partition`, for maps and messages */
export const partitionKey = ({ topic, partition }: Partition): string => `${topic}/${partition}`;

/** @returns whether both name the same partition of the same topic */
export const isSamePartition = (one: Partition, other: Partition): boolean =>
  one.topic === other.topic && one.partition === other.partition;

/** Orders by topic, then partition number. */
export function byPartition(a: Partition, b: Partition): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return a.partition - b.partition;
}

/** `from` is read, `to` is not. */
export type Range = { topic: string; partition: number; from: number; to: number };

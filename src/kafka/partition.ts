/** A partition of a topic: how it is written down as one key, and in which order people list several. */

export type Partition = { topic: string; partition: number };

/** @returns `topic/partition`, for maps and messages */
export const partitionKey = ({ topic, partition }: Partition): string => `${topic}/${partition}`;

/** Orders by topic, then partition number. */
export function byPartition(a: Partition, b: Partition): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return a.partition - b.partition;
}

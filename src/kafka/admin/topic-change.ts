/** What a running service must not read past: a topic that is another log now, or has other partitions. Pure. */
import { ReplaygroundError } from '../errors.ts';

/** A topic as it was when the process began: its id, as Kafka's own tools print it, and how many partitions it had. */
export type TopicFacts = { name: string; id: string; partitions: number };

/** What is known of a topic now; a part that nobody told is undefined. */
export type TopicNow = { id?: string | undefined; partitions?: number | undefined };

/**
 * @param known the topic as it was
 * @param now the topic as it is
 * @returns why the process cannot go on with what it knows; undefined where nothing changed. A topic that is gone changes nothing here:
 *   only one that comes back is another log
 */
export function topicChange(known: TopicFacts, { id, partitions = 0 }: TopicNow): ReplaygroundError | undefined {
  const { name } = known;
  const isOther = id !== undefined && id !== known.id;
  // Partitions cannot be taken away: one with fewer is another topic, even before its id is told.
  if (isOther || (partitions > 0 && partitions < known.partitions)) {
    const is = isOther ? `now it is ${id}` : `and it had ${known.partitions} partitions, now ${partitions}`;
    return new ReplaygroundError(
      'topic-made-anew',
      `topic ${name} was made anew (its id was ${known.id}, ${is}): it is another log, starting again at its beginning`,
      { retriable: true },
    );
  }
  if (partitions === 0 || partitions === known.partitions) return undefined;
  return new ReplaygroundError(
    'topic-grown',
    `topic ${name} has ${partitions} partitions now, it had ${known.partitions}: starting again with all of them`,
    { retriable: true },
  );
}

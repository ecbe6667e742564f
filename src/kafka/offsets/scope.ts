/** Which partitions a reset covers: `--topic t[:0,1]`, repeated, or `--all-topics`. */

import { ReplaygroundError } from '../errors.ts';
import type { Partition } from '../partition.ts';

/** All partitions where `partitions` is undefined. */
export type TopicScope = { topic: string; partitions: number[] | undefined };

/** `all`: every partition where the group has a commit, as in Kafka's tool. */
export type Scope = 'all' | TopicScope[];

/**
 * @param topics values of `--topic`
 * @param allTopics whether `--all-topics` is given
 * @returns undefined where neither is given
 * @throws ReplaygroundError `usage`
 */
export function parseScope(topics: readonly string[], allTopics: boolean): Scope | undefined {
  if (allTopics && topics.length > 0) throw usage('--topic and --all-topics exclude each other');
  if (allTopics) return 'all';
  return topics.length > 0 ? topics.map(parseTopic) : undefined;
}

function parseTopic(text: string): TopicScope {
  const [topic = '', list, ...rest] = text.split(':');
  if (topic === '' || rest.length > 0 || (list !== undefined && !/^\d+(,\d+)*$/.test(list))) {
    throw usage(`--topic ${text} is not allowed: a topic, or a topic with partitions such as order-events:0,1`);
  }
  return { topic, partitions: list?.split(',').map(Number) };
}

/**
 * @param scope what is asked for
 * @param existing the partitions that exist of the topics in it
 * @param committed the partitions where the group has a commit
 * @returns each partition once
 * @throws ReplaygroundError `usage` where a topic or partition does not exist
 */
export function partitionsInScope(scope: Scope, existing: readonly Partition[], committed: readonly Partition[]): Partition[] {
  if (scope === 'all') return committed.map(({ topic, partition }) => ({ topic, partition }));
  const chosen = new Map<string, Partition>();
  for (const { topic, partitions } of scope) {
    const ofTopic = existing.filter((one) => one.topic === topic);
    if (ofTopic.length === 0) throw usage(`there is no topic '${topic}'`);
    for (const partition of partitions ?? ofTopic.map((one) => one.partition)) {
      if (!ofTopic.some((one) => one.partition === partition)) throw usage(`topic '${topic}' has no partition ${partition}`);
      chosen.set(`${topic}/${partition}`, { topic, partition });
    }
  }
  return [...chosen.values()];
}

const usage = (message: string): ReplaygroundError => new ReplaygroundError('usage', message);

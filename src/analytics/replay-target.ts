/** Where a replay starts: what the caller asked for, as one offset per partition. */

import type { KafkaConsumer, TopicPartitionOffset } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import Type, { type Static } from 'typebox';
import { toUtc } from '../events/event-time.ts';
import { ask } from '../kafka/ask.ts';
import { partitionKey } from '../kafka/partition.ts';
import { watermarks } from '../kafka/read-to-end.ts';
import { problem } from '../service/problem.ts';
import type { ReplayRange } from './replay.ts';

const timeoutMs = 10_000;

export const ReplayTarget = Type.Union([
  Type.String({ description: '"earliest", or an RFC 3339 time: the first records at or after it' }),
  Type.Record(Type.String(), Type.Record(Type.String({ pattern: '^\\d+$' }), Type.Integer({ minimum: 0 })), {
    description: 'offsets by topic and partition; what is not named stays where it is',
  }),
]);
export type ReplayTarget = Static<typeof ReplayTarget>;

/**
 * @param askEnds a client that knows the log, see `connectForWatermarks`
 * @param target what the caller wants
 * @param positions where the view is: a replay reads up to there
 * @returns one range per partition; empty ones where nothing is read again
 * @throws HttpProblem 422 for a target that this view cannot go to
 */
export async function replayRanges(
  askEnds: KafkaConsumer,
  target: ReplayTarget,
  positions: TopicPartitionOffset[],
): Promise<ReplayRange[]> {
  const starts = await startsOf(askEnds, target, positions);
  return positions.map(({ topic, partition, offset: to }) => {
    const from = Math.min(starts.get(partitionKey({ topic, partition })) ?? to, to);
    return { topic, partition, from, to };
  });
}

async function startsOf(askEnds: KafkaConsumer, target: ReplayTarget, positions: TopicPartitionOffset[]): Promise<Map<string, number>> {
  if (typeof target !== 'string') return namedOffsets(target, positions);
  const utc = target === 'earliest' ? undefined : toUtc(target);
  if (target !== 'earliest' && utc === undefined) {
    throw problem(422, 'Bad replay target', `"to" is neither "earliest" nor an RFC 3339 time: ${JSON.stringify(target)}`);
  }
  const starts = new Map<string, number>();
  if (utc === undefined) {
    for (const position of positions) starts.set(partitionKey(position), (await watermarks(askEnds, position)).lowOffset);
    return starts;
  }
  const times = positions.map(({ topic, partition }) => ({ topic, partition, offset: Date.parse(utc) }));
  const answers = await ask<TopicPartitionOffset[]>('ask for the offsets of a time', timeoutMs * 2, (callback) =>
    askEnds.offsetsForTimes(times, timeoutMs, callback),
  );
  // Below 0: no record at or after that time, so nothing is read again.
  for (const answer of answers) if (answer.offset >= 0) starts.set(partitionKey(answer), answer.offset);
  return starts;
}

function namedOffsets(target: Exclude<ReplayTarget, string>, positions: TopicPartitionOffset[]): Map<string, number> {
  const known = new Set(positions.map(partitionKey));
  const starts = new Map<string, number>();
  for (const [topic, partitions] of Object.entries(target)) {
    for (const [partition, offset] of Object.entries(partitions)) {
      const key = partitionKey({ topic, partition: Number(partition) });
      if (!known.has(key)) throw problem(422, 'Bad replay target', `this view does not read partition ${partition} of topic ${topic}`);
      starts.set(key, offset);
    }
  }
  return starts;
}

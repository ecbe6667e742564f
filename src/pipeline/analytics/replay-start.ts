/** Where a replay starts: what the caller asked for, as one offset per partition. */

import type { TopicPartitionOffset } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import Type, { type Static } from 'typebox';
import type { BridgeConsumer } from '../../kafka/bridge/bridge-consumer.ts';
import { type Partition, type PartitionOffset, partitionKey } from '../../kafka/partition.ts';
import { toUtc } from '../../kafka/record/event-time.ts';
import { problem } from '../service/problem.ts';
import type { ReplayRange } from './replay.ts';
import { takenBackFrom } from './start-offset.ts';

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
  askEnds: BridgeConsumer,
  target: ReplayTarget,
  positions: readonly TopicPartitionOffset[],
): Promise<ReplayRange[]> {
  const starts = await startsOf(askEnds, target, positions);
  const ranges: ReplayRange[] = [];
  for (const { topic, partition, offset: to } of positions) {
    const { low: first } = await askEnds.watermarks({ topic, partition });
    const wanted = starts.get(partitionKey({ topic, partition })) ?? to;
    // What is not read again stays as it is, also where the log holds none of it any longer.
    const takeBack = wanted < to ? takenBackFrom(wanted, first) : to;
    ranges.push({ topic, partition, from: Math.min(Math.max(first, wanted), to), to, first, takeBack });
  }
  return ranges;
}

/**
 * @param reader of committed records, see `connectReader`
 * @returns the end of what it can read of each partition: what stands behind an open transaction is nobody's yet
 */
export const stableEnds = (reader: Pick<BridgeConsumer, 'watermarks'>, partitions: readonly Partition[]): Promise<PartitionOffset[]> =>
  Promise.all(partitions.map(async (partition) => ({ ...partition, offset: (await reader.watermarks(partition, timeoutMs)).high })));

async function startsOf(
  askEnds: BridgeConsumer,
  target: ReplayTarget,
  positions: readonly TopicPartitionOffset[],
): Promise<Map<string, number>> {
  if (typeof target !== 'string') return namedOffsets(target, positions);
  const utc = target === 'earliest' ? undefined : toUtc(target);
  if (target !== 'earliest' && utc === undefined) {
    throw problem(422, 'Bad replay target', `"to" is neither "earliest" nor an RFC 3339 time: ${JSON.stringify(target)}`);
  }
  const starts = new Map<string, number>();
  // A time before 1970 is before every record, and Kafka takes -1 for the end.
  if (utc === undefined || Date.parse(utc) < 0) {
    for (const position of positions) starts.set(partitionKey(position), 0);
    return starts;
  }
  const times = positions.map(({ topic, partition }) => ({ topic, partition, offset: Date.parse(utc) }));
  const answers = await askEnds.offsetsForTimes(times, timeoutMs);
  // Below 0: no record at or after that time, so nothing is read again.
  for (const answer of answers) if (answer.offset >= 0) starts.set(partitionKey(answer), answer.offset);
  return starts;
}

function namedOffsets(target: Exclude<ReplayTarget, string>, positions: readonly TopicPartitionOffset[]): Map<string, number> {
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

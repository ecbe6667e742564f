/** Asks the broker for everything that a reset is planned from. */

import { ReplaygroundError } from '../errors.ts';
import type { KafkaInspector, OffsetAnswer, OffsetAt } from '../groups/inspector.ts';
import type { Partition } from '../partition.ts';
import type { PartitionFacts, Target } from './plan.ts';
import { partitionsInScope, type Scope } from './scope.ts';

/**
 * @param inspector how to ask
 * @param group whose offsets
 * @param target a file brings its own scope, a time needs one more question
 * @param scope undefined for a file: all that it names
 * @param stable whether to wait for transactions of the group that are under way
 * @throws ReplaygroundError `usage` where the scope names what does not exist, `cannot-plan` where a partition cannot be read
 */
export async function readFacts(
  inspector: KafkaInspector,
  group: string,
  target: Target,
  scope: Scope | undefined,
  stable: boolean,
): Promise<PartitionFacts[]> {
  const committed = await inspector.ask('committed', group, stable);
  const partitions = await chosenPartitions(inspector, target, scope, committed);
  const ask = async (at: OffsetAt): Promise<number[]> => (await inspector.ask('offsets', partitions, at)).map(offsetOrThrow);
  const [earliest, latest, atTime] = await Promise.all([
    ask('earliest'),
    ask('latest'),
    target.kind === 'time' ? ask(target.atMs) : partitions.map(() => undefined),
  ]);
  return partitions.map(({ topic, partition }, index) => ({
    topic,
    partition,
    before: committed.find((one) => one.topic === topic && one.partition === partition)?.offset,
    earliest: earliest[index] ?? 0,
    latest: latest[index] ?? 0,
    atTime: atTime[index],
  }));
}

async function chosenPartitions(
  inspector: KafkaInspector,
  target: Target,
  scope: Scope | undefined,
  committed: readonly Partition[],
): Promise<Partition[]> {
  if (scope === undefined && target.kind !== 'file') {
    throw new ReplaygroundError('usage', 'which partitions? --topic <topic[:0,1]> (can be repeated) or --all-topics');
  }
  const named = target.kind === 'file' ? scopeOf(target.offsets) : [];
  const wanted = scope ?? named;
  const topics = wanted === 'all' ? [] : [...new Set(wanted.map(({ topic }) => topic))];
  return partitionsInScope(wanted, await inspector.ask('partitionsOf', topics), committed);
}

const scopeOf = (offsets: readonly Partition[]): Exclude<Scope, 'all'> =>
  offsets.map(({ topic, partition }) => ({ topic, partitions: [partition] }));

function offsetOrThrow({ topic, partition, offset, error }: OffsetAnswer): number {
  if (offset !== undefined) return offset;
  throw new ReplaygroundError('cannot-plan', `${topic} partition ${partition} cannot be read (${error}): nothing was changed`, {
    retriable: true,
  });
}

/** How far the share groups of a system are, in the form of a consumer group's sample: as far as if what is done with were committed. */
import type { KafkaInspector } from '../../../kafka/groups/inspector.ts';
import { isSamePartition } from '../../../kafka/partition.ts';
import { describeShareOffsets, type SharePartition } from '../../broker/share-groups.ts';
import type { ToolSettings } from '../../broker/transaction-owner.ts';
import type { GroupSample } from './group-history.ts';

/**
 * @param topics that the group reads
 * @param settings where Kafka is: its own tool is run
 * @throws ReplaygroundError `kafka-error`; a group that is not there has everything left
 */
export async function queueSample(
  { group, topics }: { group: string; topics: readonly string[] },
  inspector: KafkaInspector,
  settings: ToolSettings,
): Promise<GroupSample> {
  const shared = await shareOffsets(settings, group);
  const ends = await inspector.ask('offsets', await inspector.ask('partitionsOf', topics), 'latest');
  const partitions = ends.map(({ topic, partition, offset: end = 0 }) => {
    const lag = shared.find((one) => isSamePartition(one, { topic, partition }))?.lag ?? end;
    return { topic, partition, committed: Math.max(0, end - lag), end, owner: undefined };
  });
  return { group, members: 0, partitions, isQueue: true };
}

/** @returns what Kafka tells of a share group; nothing where it does not tell */
export const shareOffsets = (settings: ToolSettings, group: string): Promise<SharePartition[]> =>
  describeShareOffsets(settings, group).catch(() => []);

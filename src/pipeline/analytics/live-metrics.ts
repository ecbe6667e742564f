/** The metrics of this moment: the view as it is, with the clock, the broker's ends and the replay under way. */

import type { BridgeConsumer } from '../../kafka/bridge/bridge-consumer.ts';
import { lagOf } from '../../kafka/groups/lag.ts';
import { type Partition, type PartitionOffset, partitionKey } from '../../kafka/partition.ts';
import type { Source } from './answer-source.ts';
import { type Metrics, metricsOf } from './metrics.ts';
import { progressOf, type Replay } from './replay.ts';
import { recentOrders } from './view.ts';

/** Short: who asks for metrics while Kafka is away wants the rest of them now. */
const lagTimeoutMs = 1000;

export type LiveMetricsOptions = {
  source: () => Source;
  /** Tells high watermarks, see `connectForWatermarks`. */
  askEnds: Pick<BridgeConsumer, 'watermarks'>;
  /** All partitions that the view is made of. */
  partitions: readonly Partition[];
  replayUnderWay: () => Replay | undefined;
};

/** The metrics, and what they are made of. */
export type LiveLook = { metrics: Metrics; source: Source };

/** @returns a function that measures the lag and gives the metrics, with the source that they are of */
export function liveMetrics({ source, askEnds, partitions, replayUnderWay }: LiveMetricsOptions): () => Promise<LiveLook> {
  return async () => {
    const before = source().positions;
    const ends = await endsOf(askEnds, partitions);
    // What answers may be another meanwhile: this instance's own view, where it was given all partitions, and it may be behind.
    const now = source();
    const { view, positions, readings, missing } = now;
    const asOf = new Date();
    const metrics = metricsOf(view, {
      asOf,
      recentOrders: recentOrders(view, asOf.getTime()),
      lag: ends && lagBehind(ends, [before, positions]),
      positions,
      readings,
      missing,
      replay: progressOf(replayUnderWay(), { positions, readings }),
    });
    return { metrics, source: now };
  };
}

type End = Partition & { low: number; high: number };

/** @returns null while Kafka does not answer */
async function endsOf(askEnds: Pick<BridgeConsumer, 'watermarks'>, partitions: readonly Partition[]): Promise<End[] | null> {
  const asked = partitions.map(async (partition) => ({ ...partition, ...(await askEnds.watermarks(partition, lagTimeoutMs)) }));
  return Promise.all(asked).catch(() => null);
}

/**
 * @param looks positions before and after the ends were asked: the earlier of them counts, so that a lag of 0 means that all of it is there
 * @returns how many records are not there, over all partitions
 */
function lagBehind(ends: readonly End[], looks: readonly (readonly PartitionOffset[])[]): number {
  const at = looks.map((positions) => new Map(positions.map((position) => [partitionKey(position), position.offset])));
  return ends.reduce((sum, { low, high, ...partition }) => {
    const furthest = at.map((positions) => positions.get(partitionKey(partition)) ?? low);
    return sum + (lagOf(Math.min(...furthest), high) ?? 0);
  }, 0);
}

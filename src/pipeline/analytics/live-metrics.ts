/** The metrics of this moment: the view as it is, with the clock, the broker's ends and the replay under way. */

import type { BridgeConsumer } from '../../kafka/bridge/bridge-consumer.ts';
import { lagOf } from '../../kafka/lag.ts';
import { type Partition, type PartitionOffset, partitionKey } from '../../kafka/partition.ts';
import { type Metrics, metricsOf } from './metrics.ts';
import { progressOf, type Replay } from './replay.ts';
import type { Source } from './source.ts';
import { recentOrders, type View } from './view.ts';

/** Short: who asks for metrics while Kafka is away wants the rest of them now. */
const lagTimeoutMs = 1000;

export type LiveMetricsOptions = {
  source: () => Source;
  /** Tells high watermarks, see `connectForWatermarks`. */
  askEnds: BridgeConsumer;
  /** All partitions that the view is made of. */
  partitions: Partition[];
  replayUnderWay: () => Replay | undefined;
};

/** @returns a function that measures the lag and gives the metrics, with the view that they are of */
export function liveMetrics({
  source,
  askEnds,
  partitions,
  replayUnderWay,
}: LiveMetricsOptions): () => Promise<{ metrics: Metrics; view: View }> {
  return async () => {
    const lag = await measureLag(askEnds, partitions, source().positions);
    const { view, positions, readings, missing } = source();
    const asOf = new Date();
    const metrics = metricsOf(view, {
      asOf,
      recentOrders: recentOrders(view, asOf.getTime()),
      lag,
      positions,
      missing,
      replay: progressOf(replayUnderWay(), { positions, readings }),
    });
    return { metrics, view };
  };
}

/** Positions first, ends second, so that a lag of 0 means that all of it was there. Null while Kafka does not answer. */
async function measureLag(askEnds: BridgeConsumer, partitions: Partition[], positions: readonly PartitionOffset[]): Promise<number | null> {
  const at = new Map(positions.map((position) => [partitionKey(position), position.offset]));
  const lags = partitions.map(async (partition) => {
    const { low, high } = await askEnds.watermarks(partition, lagTimeoutMs);
    return lagOf(at.get(partitionKey(partition)) ?? low, high) ?? 0;
  });
  return Promise.all(lags).then(
    (all) => all.reduce((sum, lag) => sum + lag, 0),
    () => null,
  );
}

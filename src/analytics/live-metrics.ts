/** The metrics of this moment: the view as it is, with the clock, the broker's ends and the replay under way. */
import type { IAdminClient } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { partitionKey } from '../kafka/batch-consumer.ts';
import { lagOf, type Partition } from '../kafka/lag.ts';
import { readOffsets } from '../kafka/log-offsets.ts';
import { type Metrics, metricsOf } from './metrics.ts';
import { progressOf, type Replay } from './replay.ts';
import { recentOrders } from './view.ts';
import type { ViewLoop } from './view-loop.ts';

export type LiveMetricsOptions = {
  loop: () => Pick<ViewLoop, 'view' | 'positions'>;
  admin: IAdminClient;
  /** All partitions that the view is made of. */
  partitions: Partition[];
  replayUnderWay: () => Replay | undefined;
};

/** @returns a function that measures the lag and gives the metrics */
export function liveMetrics({ loop, admin, partitions, replayUnderWay }: LiveMetricsOptions): () => Promise<Metrics> {
  return async () => {
    const lag = await measureLag(admin, partitions, loop().positions);
    const { view, positions } = loop();
    const asOf = new Date();
    return metricsOf(view, {
      asOf,
      recentOrders: recentOrders(view, asOf.getTime()),
      lag,
      positions,
      replay: progressOf(replayUnderWay(), positions),
    });
  };
}

/** Positions first, ends second, so that a lag of 0 means that all of it was there. Null while Kafka does not answer. */
async function measureLag(
  admin: IAdminClient,
  partitions: Partition[],
  positions: (Partition & { offset: number })[],
): Promise<number | null> {
  const at = new Map(positions.map((position) => [partitionKey(position), position.offset]));
  const ends = await readOffsets(admin, partitions, 'latest').catch(() => undefined);
  if (!ends || ends.some(({ offset }) => offset === undefined)) return null;
  return ends.reduce((sum, end) => sum + (lagOf(at.get(partitionKey(end)) ?? 0, end.offset) ?? 0), 0);
}

/** Asks where a partition ends, for readers of committed records and for all others. */
import type { BridgeConsumer } from '../bridge/bridge-consumer.ts';
import type { Partition } from '../partition.ts';
import type { TwoEnds } from './open-transactions.ts';

/** The two clients that it takes, for each is told its own end (measured, 1.10.1). */
export type EndClients = {
  /** Reads committed records, so it tells last stable offsets: see `connectReader`. */
  askStable: BridgeConsumer;
  /** Tells high watermarks, see `connectForWatermarks`. */
  askEnds: BridgeConsumer;
};

/**
 * @param waitMs a bound for each question; the client's own by default
 * @returns both ends, and the first offset
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`
 */
export async function askTwoEnds(
  { askStable, askEnds }: EndClients,
  { topic, partition }: Partition,
  waitMs?: number,
): Promise<TwoEnds & { low: number }> {
  // The end first: the stable one, asked later, is below it only where something is open.
  const { low, high: end } = await askEnds.watermarks({ topic, partition }, waitMs);
  const { high: stable } = await askStable.watermarks({ topic, partition }, waitMs);
  return { topic, partition, low, stable, end };
}

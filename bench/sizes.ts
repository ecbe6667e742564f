/** How much each part does: chosen so that all parts but `scale` fit into a quarter of an hour on two cores. */

export type Sizes = {
  /** Orders of one run of produce, exactly-once and view. */
  orders: number;
  /** Orders that are replayed, that memory is measured with, and that a second start finds. */
  manyOrders: number;
  /** Seconds of load before an HTTP run or a round of latency counts. */
  httpWarmUpSec: number;
  latencyWarmUpSec: number;
  /** Seconds of load of one HTTP run. */
  httpSec: number;
  /** Seconds at 1,000 orders/s. */
  latencySec: number;
  burstOrders: number;
  /** Seconds of one run with a throttled handler. */
  throttledSec: number;
  /** The most orders of `scale`: from 10,000 in steps of ten. */
  scaleTo: number;
};

const full: Sizes = {
  orders: 300_000,
  manyOrders: 1_000_000,
  httpWarmUpSec: 1.5,
  latencyWarmUpSec: 4,
  httpSec: 3,
  latencySec: 10,
  burstOrders: 10_000,
  throttledSec: 3,
  scaleTo: 1_000_000,
};

const quick: Sizes = {
  orders: 20_000,
  manyOrders: 20_000,
  httpWarmUpSec: 0.5,
  latencyWarmUpSec: 1,
  httpSec: 1,
  latencySec: 2,
  burstOrders: 2000,
  throttledSec: 1.5,
  scaleTo: 10_000,
};

/**
 * @param isQuick small figures that only show that everything runs
 * @param orders instead of the usual number, in all parts but `scale`
 * @param scaleTo the most orders of `scale`
 */
export const sizesFor = (isQuick: boolean, orders?: number, scaleTo?: number): Sizes => ({
  ...(isQuick ? quick : full),
  ...(orders && { orders, manyOrders: orders }),
  ...(scaleTo && { scaleTo }),
});

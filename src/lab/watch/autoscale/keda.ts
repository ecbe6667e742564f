/**
 * The arithmetic of KEDA's Kafka scaler (2.21, `pkg/scalers/kafka_scaler.go`): from the offsets of a group to the figure that the Horizontal Pod
 * Autoscaler gets, and from that to replicas. Pure.
 */

/** Named as in a trigger's metadata; times in seconds. */
export type KedaOptions = {
  lagThreshold: number;
  activationLagThreshold: number;
  offsetResetPolicy: 'latest' | 'earliest';
  allowIdleConsumers: boolean;
  scaleToZeroOnInvalidOffset: boolean;
  excludePersistentLag: boolean;
  limitToPartitionsWithLag: boolean;
  ensureEvenDistributionOfPartitions: boolean;
  pollingInterval: number;
  cooldownPeriod: number;
  minReplicaCount: number;
  maxReplicaCount: number;
};

/** KEDA's own, but for the threshold: its 10 is for slow work, and a thousand records are a second's work or less here. */
export const kedaDefaults: KedaOptions = {
  lagThreshold: 1000,
  activationLagThreshold: 0,
  offsetResetPolicy: 'latest',
  allowIdleConsumers: false,
  scaleToZeroOnInvalidOffset: false,
  excludePersistentLag: false,
  limitToPartitionsWithLag: false,
  ensureEvenDistributionOfPartitions: false,
  pollingInterval: 30,
  cooldownPeriod: 300,
  minReplicaCount: 0,
  maxReplicaCount: 100,
};

/** `committed`: null where the group has committed nothing. `end`: the high watermark. */
export type KedaPartition = { id: string; committed: number | null; end: number };

export type KedaLook = {
  /** The figure for the autoscaler: the lag, bounded. */
  metric: number;
  /** All lag, persistent too: by this it is told active or not. */
  totalLag: number;
  active: boolean;
  /** Committed offsets, for the next look. */
  offsets: ReadonlyMap<string, number>;
};

/**
 * @param partitions of all topics of the trigger
 * @param before committed offsets of the look before, for `excludePersistentLag`
 */
export function kedaLook(
  partitions: readonly KedaPartition[],
  options: KedaOptions,
  before: ReadonlyMap<string, number> = new Map(),
): KedaLook {
  const { lagThreshold, activationLagThreshold } = options;
  const lags = partitions.map((one) => lagOf(one, options, before));
  const totalLag = lags.reduce((sum, { all }) => sum + all, 0);
  const counted = lags.reduce((sum, { lag }) => sum + lag, 0);
  const withLag = lags.filter(({ lag }) => lag > 0).length;
  const offsets = new Map(partitions.flatMap(({ id, committed }) => (committed === null ? [] : [[id, committed] as const])));
  return { metric: bounded(counted, partitions.length, withLag, options), totalLag, active: totalLag > activationLagThreshold, offsets };

  function bounded(lag: number, all: number, some: number, { allowIdleConsumers, limitToPartitionsWithLag, ...more }: KedaOptions): number {
    const isEven = more.ensureEvenDistributionOfPartitions;
    if (allowIdleConsumers && !limitToPartitionsWithLag && !isEven) return lag;
    const evened = isEven ? evenReplicas(lag, all, lagThreshold) * lagThreshold : lag;
    const most = limitToPartitionsWithLag ? some : all;
    // It divides whole numbers: what is less than one more than the bound stays as it is, and is rounded up later.
    return Math.floor(evened / lagThreshold) > most ? most * lagThreshold : evened;
  }
}

function lagOf(
  { id, committed, end }: KedaPartition,
  options: KedaOptions,
  before: ReadonlyMap<string, number>,
): { lag: number; all: number } {
  const { offsetResetPolicy, scaleToZeroOnInvalidOffset, excludePersistentLag } = options;
  if (committed === null) {
    const lag = scaleToZeroOnInvalidOffset ? 0 : offsetResetPolicy === 'latest' ? 1 : end;
    return { lag, all: lag };
  }
  const all = end - committed;
  return { lag: excludePersistentLag && before.get(id) === committed ? 0 : all, all };
}

/** @returns the least divisor of the number of partitions that is enough */
function evenReplicas(lag: number, partitions: number, lagThreshold: number): number {
  for (let factor = 1; factor <= partitions; factor += 1) {
    if (partitions % factor === 0 && factor * lagThreshold >= lag) return factor;
  }
  return partitions;
}

/** So far from the target nothing is changed (`--horizontal-pod-autoscaler-tolerance`). */
const tolerance = 0.1;

/**
 * As the Horizontal Pod Autoscaler has it for a metric of type `AverageValue`.
 * @param replicas now; 0 is not its business
 * @returns replicas that it recommends
 */
export function recommended(metric: number, replicas: number, { lagThreshold, maxReplicaCount, minReplicaCount }: KedaOptions): number {
  const ratio = metric / (lagThreshold * Math.max(1, replicas));
  const isNear = replicas > 0 && ratio >= 1 - tolerance && ratio <= 1 + tolerance;
  const wanted = isNear ? replicas : Math.ceil(metric / lagThreshold);
  return Math.min(maxReplicaCount, Math.max(1, minReplicaCount, wanted));
}

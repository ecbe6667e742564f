/** What KEDA's Kafka scaler would choose now, with its own defaults but for the threshold; for a queue, by the same arithmetic. Pure. */
import type { Autoscaler } from '../../wire/all.ts';
import { count, number } from '../verdict/group-verdict.ts';
import { type KedaPartition, kedaDefaults, kedaLook, recommended } from './keda.ts';

/**
 * @param partitions that the group reads
 * @param running instances now
 */
export function autoscalerChoice(partitions: readonly KedaPartition[], running: number): Autoscaler {
  const { lagThreshold } = kedaDefaults;
  const { metric, totalLag } = kedaLook(partitions, kedaDefaults);
  // Without its tolerance, which depends on what runs: what it would come to.
  const wanted = recommended(metric, 0, kedaDefaults);
  const byLag = Math.max(1, Math.ceil(totalLag / lagThreshold));
  const capped = byLag > wanted ? `, capped at ${count(partitions.length, 'partition')}` : '';
  const text = `${number(totalLag)} of lag / ${number(lagThreshold)} per instance = ${number(byLag)}${capped}: KEDA would run ${wanted}`;
  return { wanted, running, lagThreshold, text };
}

/**
 * KEDA has no scaler for share groups. This is its arithmetic as for a group whose instances may be more than the partitions (`allowIdleConsumers`).
 * @param lags of the partitions of a share group (KIP-1226)
 * @param running workers now
 * @param most that can run
 */
export function queueChoice(lags: readonly number[], running: number, most: number): Autoscaler {
  const options = { ...kedaDefaults, allowIdleConsumers: true, maxReplicaCount: most };
  const { lagThreshold } = options;
  const { metric } = kedaLook(
    lags.map((lag, index) => ({ id: String(index), committed: 0, end: lag })),
    options,
  );
  const wanted = recommended(metric, 0, options);
  const byLag = Math.max(1, Math.ceil(metric / lagThreshold));
  const bound = byLag > wanted ? `, capped at ${count(most, 'worker')}` : wanted > lags.length ? ', more than partitions' : '';
  const text = `${number(metric)} of backlog / ${number(lagThreshold)} per worker = ${number(byLag)}${bound}: an autoscaler would run ${wanted}`;
  return { wanted, running, lagThreshold, text };
}

/** What KEDA's Kafka scaler would choose now, with its own defaults but for the threshold. Pure. */
import type { Autoscaler } from '../wire/all.ts';
import { count, number } from './group-verdict.ts';
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

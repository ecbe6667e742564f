/** What KEDA's Kafka scaler would choose now, with its own defaults but for the threshold. */
import type { Autoscaler } from '../wire/all.ts';
import { count, number } from './group-verdict.ts';

/** KEDA's default of 10 is for slow work; a thousand records are a second's work or less here. */
export const lagThreshold = 1000;

/**
 * @param totalLag records
 * @param partitions that the group reads: `allowIdleConsumers=false` caps the replicas there
 * @param running instances now
 */
export function autoscalerChoice(totalLag: number, partitions: number, running: number): Autoscaler {
  const byLag = Math.max(1, Math.ceil(totalLag / lagThreshold));
  const wanted = Math.min(byLag, Math.max(1, partitions));
  const capped = byLag > wanted ? `, capped at ${count(partitions, 'partition')}` : '';
  const text = `${number(totalLag)} of lag / ${number(lagThreshold)} per instance = ${number(byLag)}${capped}: KEDA would run ${wanted}`;
  return { wanted, running, lagThreshold, text };
}

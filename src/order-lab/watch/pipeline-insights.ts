/** The sentences about the order pipeline alone: its figures, and whether they are of all orders. Pure. */

import { count, number } from '../../lab/watch/verdict/group-verdict.ts';
import { missingText } from '../../pipeline/analytics/metrics.ts';
import type { Insight, Metrics, ProcessView } from '../wire/all.ts';
import type { pipelineInsightIds } from '../wire/explanation.ts';

export type PipelineFacts = {
  /** As analytics told them last. */
  metrics: Metrics | null;
  /** Whether it has not told them for a while. */
  isOld: boolean;
  isKafkaAway: boolean;
  processes: readonly Pick<ProcessView, 'service' | 'state'>[];
};

type PipelineInsight = Insight & { id: (typeof pipelineInsightIds)[number] };

/** @returns the sentences, in any order */
export function pipelineInsights({ metrics, isOld, isKafkaAway, processes }: PipelineFacts): PipelineInsight[] {
  const found: PipelineInsight[] = [];
  const isUp = processes.some(({ service, state }) => service === 'analytics-service' && state === 'healthy');
  if (isOld && isUp && !isKafkaAway) {
    found.push({ id: 'analytics-away', level: 'warn', group: null, text: 'analytics-service does not answer: its metrics are old' });
  }
  const missing = metrics ? missingText(metrics) : undefined;
  if (missing !== undefined && !isOld) {
    const text = `the figures are not of all orders: no instance of analytics-service tells of ${missing} now`;
    found.push({ id: 'part-missing', level: 'warn', group: null, text });
  }
  if (metrics?.replay.state === 'running') {
    const { processed, total } = metrics.replay;
    const text = `analytics reads again: ${number(processed)} of ${count(total, 'offset')}`;
    found.push({ id: 'replaying', level: 'info', group: null, text });
  }
  return found;
}

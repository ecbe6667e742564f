/** Analytics' metrics at a moment when it has read all that the broker has. */

import { areOfWholeLog, type Metrics } from '../../../pipeline/analytics/metrics.ts';
import { fetchMetrics } from '../../client/analytics-client.ts';
import type { Rig } from '../rig.ts';
import { poll } from './waits.ts';

/** @throws ReplaygroundError `not-in-time` */
export const settled = (rig: Pick<Rig, 'lab' | 'signal'>): Promise<Metrics> =>
  poll(rig, 'analytics has read everything', { withinSec: 60 }, async () => {
    const metrics = await fetchMetrics(rig.lab.analyticsUrl);
    const seen = `lag ${metrics.lag ?? '-'}`;
    return areOfWholeLog(metrics) ? { done: metrics, seen } : { seen };
  });

/** `--wait`: until both services have read everything, and analytics shows it. */
import { setTimeout as delay } from 'node:timers/promises';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { waitDrained } from '../../kafka/groups/wait-drained.ts';
import { note } from '../../lab/terminal/output.ts';
import { areOfWholeLog } from '../../pipeline/analytics/metrics.ts';
import { fetchMetrics } from '../client/analytics-client.ts';
import { openKafka } from '../client/kafka-clients.ts';

/** A rebalance that waits for a dead member takes longer than any other standstill (ms). */
const stalledAfterMs = 120_000;
/** From the commit to the metrics (ms). */
const shownWithinMs = 30_000;
const sayEveryMs = 2000;
const pollMs = 100;

/**
 * @param url of analytics-service
 * @throws ReplaygroundError `not-drained` when the lag stops falling, `analytics-unreachable`
 */
export async function waitRead(url: string): Promise<void> {
  using kafka = await openKafka();
  const { ordersTopic, inventoryTopic, inventoryGroupId, analyticsGroupId } = kafka.settings;
  let saidAt = Date.now();
  const onProgress = (left: number): void => {
    if (Date.now() - saidAt < sayEveryMs) return;
    saidAt = Date.now();
    note(`lab: ${Number.isFinite(left) ? left : 'some'} records left`);
  };
  // What inventory decides is read by analytics: one after the other.
  await waitDrained(kafka.inspector, [{ group: inventoryGroupId, topics: [ordersTopic] }], { stalledAfterMs, onProgress });
  await waitDrained(kafka.inspector, [{ group: analyticsGroupId, topics: [ordersTopic, inventoryTopic] }], { stalledAfterMs, onProgress });
  const end = Date.now() + shownWithinMs;
  while (!areOfWholeLog(await fetchMetrics(url))) {
    if (Date.now() > end)
      throw new ReplaygroundError('not-drained', 'analytics-service does not show what its group has read: see ./lab ps');
    await delay(pollMs);
  }
}

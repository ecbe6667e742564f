/** Stops analytics, takes its group back to the beginning, starts it again, and compares what it has counted before and after. */

import { setTimeout as sleep } from 'node:timers/promises';
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { GroupState } from '../../kafka/group-state.ts';
import { executeReset, type ResetClients, type ResetResult, waitUntilInactive } from '../../kafka/offsets/reset.ts';
import { byPartition } from '../../kafka/partition.ts';
import { type GroupTopics, waitDrained } from '../../kafka/wait-drained.ts';
import { firstDifference, type Metrics } from '../../pipeline/analytics/metrics.ts';
import { logWithoutBeginning } from '../../pipeline/analytics/replay-journal.ts';
import type { Settings } from '../../pipeline/settings/declarations.ts';
import { fetchMetrics } from './analytics-client.ts';
import type { LabClient } from './lab-client.ts';

export type ReplayOptions = {
  lab: LabClient;
  kafka: ResetClients;
  settings: Settings;
  /** Of analytics-service. */
  url: string;
  /** What is being done, for people. */
  onStep: (text: string) => void;
  /** Called with the records that are left, several times a second. */
  onProgress: (left: number) => void;
};

export type ReplayComparison = {
  identical: boolean;
  firstDifference: { field: string; before: unknown; after: unknown } | undefined;
  before: Metrics;
  after: Metrics;
  /** Offsets read again, those of control records included. */
  offsetsRead: number;
  /** From the start of the service until its lag was 0 (ms). */
  durationMs: number;
  backup: string;
};

const service = 'analytics-service';
const stalledAfterMs = 60_000;
/** Longer than the session of a member that was killed. */
const leaveTimeoutMs = 60_000;
const answerTimeoutMs = 30_000;
const pollMs = 200;

/**
 * @returns both metrics and whether they are identical
 * @throws ReplaygroundError `not-drained`, `orders-arriving` where no comparison is possible; those of the reset
 */
export async function replayAndCompare({ lab, kafka, settings, url, onStep, onProgress }: ReplayOptions): Promise<ReplayComparison> {
  const { analyticsGroupId, inventoryGroupId, ordersTopic, inventoryTopic } = settings;
  const analytics: GroupTopics = { group: analyticsGroupId, topics: [ordersTopic, inventoryTopic] };
  const inventory: GroupTopics = { group: inventoryGroupId, topics: [ordersTopic] };

  onStep('waiting until everything is read');
  // Inventory first: what it still decides becomes work for analytics.
  await waitDrained(kafka.inspector, [inventory], { stalledAfterMs, onProgress });
  const drained = await waitDrained(kafka.inspector, [analytics], { stalledAfterMs, onProgress });
  const before = await settledMetrics(url);

  onStep(`stopping ${service}`);
  await lab.post(`/api/services/${service}/stop`);
  let reset: ResetResult;
  try {
    await waitUntilInactive(kafka.inspector, analyticsGroupId, leaveTimeoutMs);
    onStep('taking both topics back to their beginning');
    const scope = analytics.topics.map((topic) => ({ topic, partitions: undefined }));
    reset = await executeReset(kafka, { group: analyticsGroupId, target: { kind: 'earliest' }, scope }, settings.labHome);
  } finally {
    onStep(`starting ${service}`);
    await lab.post(`/api/services/${service}/start`);
  }
  onStep('reading again');
  const startedAt = performance.now();
  const again = await waitDrained(kafka.inspector, [analytics], { stalledAfterMs, onProgress });
  const durationMs = performance.now() - startedAt;
  const after = await settledMetrics(url);

  checkSameLog(drained, again, reset.backup);
  const missing = logWithoutBeginning(again.flatMap(({ partitions }) => partitions));
  return {
    identical: missing === undefined && before.digest === after.digest,
    firstDifference: firstDifference(before, after) ?? missing,
    before,
    after,
    offsetsRead: reset.rows.reduce((sum, { delta }) => sum - (delta ?? 0), 0),
    durationMs,
    backup: reset.backup,
  };
}

/** The service answers and has counted all that the broker had when it was asked. */
async function settledMetrics(url: string): Promise<Metrics> {
  const end = Date.now() + answerTimeoutMs;
  for (;;) {
    const metrics = await fetchMetrics(url).catch((error: unknown) => {
      if (Date.now() > end) throw error;
    });
    if (metrics?.lag === 0) return metrics;
    if (Date.now() > end)
      throw new ReplaygroundError('not-drained', `${service} still says that it is ${metrics?.lag ?? '?'} records behind`, {
        retriable: true,
      });
    await sleep(pollMs);
  }
}

/** Only two runs over the same log can be compared. */
function checkSameLog(before: readonly GroupState[], after: readonly GroupState[], backup: string): void {
  const ends = (states: readonly GroupState[]): string =>
    JSON.stringify(
      states
        .flatMap(({ partitions }) => partitions)
        .sort(byPartition)
        .map(({ topic, partition, end }) => [topic, partition, end]),
    );
  if (ends(before) === ends(after)) return;
  throw new ReplaygroundError(
    'orders-arriving',
    `orders arrived during the replay, so before and after are not of the same log: repeat it when nobody sends any, or use POST /replay (backup of the offsets: ${backup})`,
    { retriable: true },
  );
}

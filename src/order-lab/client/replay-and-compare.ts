/** Stops analytics, takes its group back to the beginning, starts it again, and compares what it has counted before and after. */

import { setTimeout as sleep } from 'node:timers/promises';
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { ResetClients } from '../../kafka/offsets/reset.ts';
import { areCountedAnew, areOfWholeLog, firstDifference, type Metrics, missingText } from '../../pipeline/analytics/metrics.ts';
import { logWithoutBeginning } from '../../pipeline/analytics/replay.ts';
import type { Settings } from '../../pipeline/settings/declarations.ts';
import { fetchMetrics } from './analytics-client.ts';
import type { LabClient } from './lab-client.ts';
import { type ReadAgain, readAgain } from './read-again.ts';

export type ReplayOptions = {
  lab: LabClient;
  kafka: ResetClients;
  settings: Settings;
  /** Where an instance of analytics-service answers: asked each time, since one that is started again may have another port. */
  url: () => Promise<string>;
  /** What is being done, for people. */
  onStep: (text: string) => void;
  /** Called with the records that are left, several times a second. */
  onProgress: (left: number) => void;
};

export type ReplayComparison = Omit<ReadAgain<Metrics>, 'read'> & {
  identical: boolean;
  firstDifference: { field: string; before: unknown; after: unknown } | undefined;
};

const service = 'analytics-service';
const answerTimeoutMs = 30_000;
const pollMs = 200;

/**
 * @returns both metrics and whether they are identical
 * @throws ReplaygroundError `not-drained`, `orders-arriving` where no comparison is possible; those of the reset
 */
export async function replayAndCompare({ settings, url, ...options }: ReplayOptions): Promise<ReplayComparison> {
  const { analyticsGroupId, inventoryGroupId, ordersTopic, inventoryTopic } = settings;
  const { read, ...seen } = await readAgain<Metrics>({
    ...options,
    labHome: settings.labHome,
    service,
    reader: { group: analyticsGroupId, topics: [ordersTopic, inventoryTopic] },
    upstream: [{ group: inventoryGroupId, topics: [ordersTopic] }],
    look: (again) => settledMetrics(url, (now) => again === undefined || areCountedAnew(again.before, now, again.partitions)),
  });
  const { before, after } = seen;
  const missing = logWithoutBeginning(read.flatMap(({ partitions }) => partitions));
  return {
    ...seen,
    identical: missing === undefined && before.digest === after.digest,
    firstDifference: firstDifference(before, after) ?? missing,
  };
}

/**
 * The service answers and has counted all that the broker had when it was asked.
 * @param isMeant whether these are the figures that are asked for: of several instances one may still tell what it knew before
 */
async function settledMetrics(url: ReplayOptions['url'], isMeant: (metrics: Metrics) => boolean): Promise<Metrics> {
  const end = Date.now() + answerTimeoutMs;
  for (;;) {
    const metrics = await url()
      .then(fetchMetrics)
      .catch((error: unknown): undefined => {
        if (Date.now() > end) throw error;
      });
    if (metrics && areOfWholeLog(metrics) && isMeant(metrics)) return metrics;
    if (Date.now() > end) throw new ReplaygroundError('not-drained', whyNotSettled(metrics), { retriable: true });
    await sleep(pollMs);
  }
}

function whyNotSettled(metrics: Metrics | undefined): string {
  const missing = metrics && missingText(metrics);
  if (missing !== undefined) return `no instance of ${service} tells of ${missing}`;
  if (metrics?.lag === 0) return `${service} still tells figures from before: not every partition was read again`;
  return `${service} still says that it is ${metrics?.lag ?? '?'} records behind`;
}

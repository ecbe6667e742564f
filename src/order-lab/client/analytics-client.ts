/** Asks analytics-service for its metrics, wherever the running lab has put it. */

import { ReplaygroundError } from '../../kafka/errors.ts';
import type { Metrics } from '../../pipeline/analytics/metrics.ts';
import type { Settings } from '../../pipeline/settings/declarations.ts';
import { findLab } from './lab-client.ts';

const timeoutMs = 10_000;

/** @returns where an instance of analytics-service of the running lab answers, else where the settings say */
export async function analyticsUrl(settings: Settings): Promise<string> {
  const lab = await findLab(settings.labHome);
  return (await lab?.state())?.urls.analytics ?? `http://127.0.0.1:${settings.analyticsServicePort}`;
}

/**
 * @param url see `analyticsUrl`
 * @throws ReplaygroundError `analytics-unreachable`, also while its Kafka is away
 */
export async function fetchMetrics(url: string): Promise<Metrics> {
  const response = await fetch(`${url}/metrics`, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(timeoutMs) }).catch(
    (error: unknown) => {
      throw unreachable(
        `analytics-service does not answer at ${url}: ./lab ps shows whether it runs, ./lab start analytics-service starts it`,
        error,
      );
    },
  );
  if (response.ok) return (await response.json()) as Metrics;
  const { detail } = (await response.json().catch(() => ({}))) as { detail?: string };
  throw unreachable(`analytics-service answers ${response.status}: ${detail ?? response.statusText}`);
}

const unreachable = (message: string, cause?: unknown): ReplaygroundError =>
  new ReplaygroundError('analytics-unreachable', message, { cause, retriable: true });

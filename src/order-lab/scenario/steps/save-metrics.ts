/** The metrics as a file beside the report. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Metrics } from '../../../pipeline/analytics/metrics.ts';
import { type ReportFile, writeReport } from '../../../pipeline/analytics/report.ts';
import { fetchMetrics } from '../../client/analytics-client.ts';
import type { Rig } from '../rig.ts';
import { settled } from './settled.ts';

/** @returns the metrics that were written */
export async function saveMetrics(rig: Rig, file: ReportFile): Promise<Metrics> {
  const metrics = await settled(rig);
  writeReport(rig.folder, file, metrics);
  return metrics;
}

const atTheEnd: ReportFile = 'metrics_output.txt';

/** For the end of every run: the metrics of that moment, unless the scenario has written them itself or analytics is away. */
export async function saveLastMetrics({ lab, folder }: Pick<Rig, 'lab' | 'folder'>): Promise<void> {
  if (existsSync(join(folder, atTheEnd))) return;
  const metrics = await fetchMetrics(lab.analyticsUrl).catch(() => undefined);
  if (metrics) writeReport(folder, atTheEnd, metrics);
}

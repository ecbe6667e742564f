/** The metrics as a file beside the report. */
import type { Metrics } from '../../analytics/metrics.ts';
import { type ReportFile, writeReport } from '../../analytics/report.ts';
import type { Rig } from '../rig.ts';
import { settled } from './settled.ts';

/** @returns the metrics that were written */
export async function saveMetrics(rig: Rig, file: ReportFile): Promise<Metrics> {
  const metrics = await settled(rig);
  writeReport(rig.folder, file, metrics);
  return metrics;
}

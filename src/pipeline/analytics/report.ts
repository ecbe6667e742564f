/** The metrics as a block of text: on stdout, in metrics.txt, and in the files around a replay. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { type Metrics, missingText } from './metrics.ts';

/** The metrics files: analytics writes all but metrics_output.txt, which a scenario writes at its end. */
export type ReportFile = 'metrics.txt' | 'metrics_output.txt' | 'metrics_initial.txt' | 'metrics_after_replay.txt';

/** @returns the block, with a line break at its end */
export function reportText(metrics: Metrics): string {
  const missing = missingText(metrics);
  const rows: [string, string | number][] = [
    ['As of', metrics.as_of],
    ['Total orders', metrics.total_orders],
    ['Total reservations', metrics.total_reservations],
    ['Failed reservations', metrics.failed_reservations],
    ['Failed orders', metrics.failed_orders],
    ['Failure rate', `${metrics.failure_rate_pct.toFixed(2)}% of reservations`],
    ['Order failure rate', `${metrics.order_failure_rate_pct.toFixed(2)}% of all orders`],
    ['Current orders/minute', metrics.current_orders_per_minute],
    ['Average orders/minute', metrics.average_orders_per_minute],
    ['Duplicates ignored', duplicatesText(metrics)],
    ['Dead letters', metrics.dead_letters],
    ['Lag', metrics.lag ?? '-'],
    ...(missing === undefined ? [] : [['Nobody tells of', missing] as [string, string]]),
    ['Digest', metrics.digest],
  ];
  const minutes = Object.entries(metrics.orders_by_minute).slice(-10);
  return [
    '=== Order metrics ===',
    ...rows.map(([label, value]) => `${`${label}:`.padEnd(24)}${value}`),
    `Orders by minute:${minutes.length === 0 ? '       -' : ''}`,
    ...minutes.map(([minute, orders]) => `  ${minute}  ${orders}`),
    '',
  ].join('\n');
}

const duplicatesText = ({ duplicates_ignored, conflicting_orders }: Metrics): string =>
  conflicting_orders === 0 ? `${duplicates_ignored}` : `${duplicates_ignored} (${conflicting_orders} with other contents)`;

/** @returns what writes a report, and tells why it could not: a folder that cannot be written costs the file, not the view */
export const reportSaver =
  (folder: string, onTrouble: (file: ReportFile, why: string) => void) =>
  (file: ReportFile, metrics: Metrics): void => {
    try {
      writeReport(folder, file, metrics);
    } catch (error) {
      onTrouble(file, (error as Error).message);
    }
  };

/**
 * Writes the block; a reader of the file sees the old or the new one, never half of it.
 * @param folder METRICS_DIR; made when missing
 */
export function writeReport(folder: string, file: ReportFile, metrics: Metrics): void {
  mkdirSync(folder, { recursive: true });
  writeFileAtomic.sync(join(folder, file), reportText(metrics), { fsync: false });
}

/** How fast records were written, by their own times in the log. Pure. */
import type { RecordJson } from '../../src/kafka/record/show-record.ts';

/** @returns records per second that were written from `fromMs` to `toMs` (ms since 1970) */
export function rateIn(records: readonly Pick<RecordJson, 'time'>[], fromMs: number, toMs: number): number {
  const within = records.filter(({ time }) => time !== null && Date.parse(time) >= fromMs && Date.parse(time) < toMs);
  return (within.length * 1000) / (toMs - fromMs);
}

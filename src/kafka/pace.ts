/** Throttle: a pause per record, cut so that no batch waits much longer than the commit interval. */
import { setTimeout as sleep } from 'node:timers/promises';

export type Pace = {
  /** How many records a batch may hold, so that their pauses fit into the commit interval. */
  maxRecords: number;
  /** Waits until so many records may be done, counted from when the pace was set; returns early when the signal aborts. */
  slowDown: (records: number, signal: AbortSignal) => Promise<void>;
};

/**
 * @param throttleMs pause per record (ms), 0 for none
 * @param limits batch size without a throttle, and the commit interval (ms)
 * @returns the pace of one batch
 */
export function paceOf(throttleMs: number, limits: { maxRecords: number; withinMs: number }): Pace {
  if (throttleMs === 0) return { maxRecords: limits.maxRecords, slowDown: async () => {} };
  const start = performance.now();
  return {
    maxRecords: Math.min(limits.maxRecords, Math.max(1, Math.floor(limits.withinMs / throttleMs))),
    slowDown: async (records, signal) => {
      const remaining = start + records * throttleMs - performance.now();
      if (remaining > 0) await sleep(remaining, undefined, { signal }).catch(() => {});
    },
  };
}

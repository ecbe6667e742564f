/** What a burst says about itself, for people. */
import type { BurstResult } from './burst.ts';

/** @returns `Published 10000 events in 0.11s (90909 events/sec)` */
export const burstSummary = ({
  produced,
  durationMs,
  eventsPerSec,
}: Pick<BurstResult, 'produced' | 'durationMs' | 'eventsPerSec'>): string =>
  `Published ${produced} events in ${(durationMs / 1000).toFixed(2)}s (${Math.round(eventsPerSec)} events/sec)`;

/** @returns `Published 3000/10000` */
export const burstProgress = (acknowledged: number, count: number): string => `Published ${acknowledged}/${count}`;

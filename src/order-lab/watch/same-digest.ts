/** A replay by whatever means, the page, `./lab replay` or a tool of Kafka's, proves itself: what is told once all is read again. Pure. */
import { isDeepStrictEqual } from 'node:util';
import { areOfWholeLog } from '../../pipeline/analytics/metrics.ts';
import type { Metrics } from '../wire/all.ts';
import { shortDigest } from './short-digest.ts';

/** Figures that stand for the whole log, and which reading of it they are of. */
export type Settled = Pick<Metrics, 'digest' | 'position' | 'readings'>;

/** @returns null while something is not counted yet */
export const settled = (metrics: Metrics): Settled | null => {
  const { digest, position, readings, replay } = metrics;
  return areOfWholeLog(metrics) && replay.state === 'idle' ? { digest, position, readings } : null;
};

/**
 * @param before as it stood when all was read last
 * @returns whether another reading of the same records gave the same digest; null where it is the same reading, or records came in between
 */
export function readAgainText(before: Settled | null, now: Settled): string | null {
  if (!before || isDeepStrictEqual(before.readings, now.readings) || !isDeepStrictEqual(before.position, now.position)) return null;
  return before.digest === now.digest
    ? `all is read again: digest ${shortDigest(now)}, as before`
    : `all is read again: digest ${shortDigest(now)}, which was ${shortDigest(before)} before: NOT identical`;
}

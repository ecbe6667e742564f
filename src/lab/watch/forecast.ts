/** "Drained at": foretold once when the lag begins to fall, and scored against what came. */
import type { Forecast, Mark, ScoredForecast } from '../wire/all.ts';
import type { GroupMovement } from './group-movement.ts';

export type Forecasts = { current: Forecast | null; scored: ScoredForecast[] };

export const noForecasts: Forecasts = { current: null, scored: [] };

/** Less is over before anybody has read the forecast. */
const leastSec = 3;
const keptScores = 5;
/** So little left counts as drained: under load the lag never is exactly 0. */
const drainedShare = 0.01;
/** Grown by so much again, and the forecast was for another situation. */
const givenUpAbove = 1.5;
const disturbing: readonly Mark['kind'][] = ['burst', 'set', 'scale', 'stop', 'start', 'kill', 'crash', 'reset', 'replay', 'kafka'];

/**
 * @param before what was foretold so far
 * @param movement of the group now
 * @param atMs now
 * @param marks what happened lately
 */
export function nextForecasts(
  { current, scored }: Forecasts,
  { totalLag, trend, drainSec }: Pick<GroupMovement, 'totalLag' | 'trend' | 'drainSec'>,
  atMs: number,
  marks: readonly Pick<Mark, 'atMs' | 'kind'>[],
): Forecasts {
  if (totalLag === null) return { current, scored };
  if (current === null) {
    if (trend?.direction !== 'draining' || drainSec === null || drainSec < leastSec) return { current, scored };
    const drainedAt = new Date(atMs + drainSec * 1000).toISOString();
    return { current: { madeAt: new Date(atMs).toISOString(), lag: totalLag, drainSec, drainedAt }, scored };
  }
  if (totalLag > current.lag * givenUpAbove) return { current: null, scored };
  if (totalLag > current.lag * drainedShare) return { current, scored };
  const madeMs = Date.parse(current.madeAt);
  const actualSec = Math.round((atMs - madeMs) / 100) / 10;
  const disturbed = marks.some((mark) => mark.atMs > madeMs && disturbing.includes(mark.kind));
  const score = { ...current, actualSec, errorSec: Math.round((actualSec - current.drainSec) * 10) / 10, disturbed };
  return { current: null, scored: [...scored, score].slice(-keptScores) };
}

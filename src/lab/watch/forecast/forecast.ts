/** What was foretold at each cause, and how good it was when the next cause came or the lag was gone. Pure. */
import type { Forecast, ScoredForecast } from '../../wire/all.ts';
import { duration } from '../verdict/group-verdict.ts';
import type { Cause, WhenGone } from './when-gone.ts';

/**
 * `latestSec`: what is left by the rates of now, as far as it was known last; `sinceMs`: the cause that it was made after; `offMs`: since when the
 * rates of now say something quite different (ms since 1970), null while they do not.
 */
type Made = Forecast & { latestSec: number; latestMs: number; sinceMs: number; offMs: number | null };
export type Forecasts = { current: Made | null; scored: ScoredForecast[] };

export const noForecasts: Forecasts = { current: null, scored: [] };

/** Less is over before anybody has read the forecast. */
const leastSec = 3;
const keptScores = 5;
/** Off by as much, a forecast contradicts what is measured: seconds, and of what is left the share. */
const mostOffSec = 10;
const mostOffShare = 0.25;
/** That may be the rhythm of commits, and is not once it lasts so long (ms). */
const offForMs = 10_000;
/** So little left counts as drained: under load the lag never is exactly 0. */
const drainedShare = 0.01;

/**
 * @param before what was foretold so far
 * @param totalLag of the group now; null where it is not known
 * @param gone when it is gone by the rates of now
 * @param atMs now
 * @param cause the last that changed how fast the group reads or what it has to read
 */
export function nextForecasts(
  before: Forecasts,
  totalLag: number | null,
  gone: Pick<WhenGone, 'sec' | 'keepsUp'>,
  atMs: number,
  cause: Cause | undefined,
): Forecasts {
  if (totalLag === null) return before;
  const { current, scored } = before;
  const sinceMs = cause?.atMs ?? 0;
  if (current === null) {
    if (gone.sec === null || gone.sec < leastSec || gone.keepsUp) return before;
    return { current: made(totalLag, gone.sec, atMs, sinceMs), scored };
  }
  const madeMs = Date.parse(current.madeAt);
  if (cause && sinceMs > current.sinceMs && sinceMs > madeMs) {
    const wouldBeSec = (current.latestMs - madeMs) / 1000 + current.latestSec;
    return nextForecasts({ current: null, scored: kept(scored, score(current, wouldBeSec, cause.text)) }, totalLag, gone, atMs, cause);
  }
  if (totalLag <= current.lag * drainedShare || gone.keepsUp)
    return { current: null, scored: kept(scored, score(current, (atMs - madeMs) / 1000, null)) };
  const offMs = isOff(current, gone.sec, atMs) ? (current.offMs ?? atMs) : null;
  return { current: { ...current, ...(gone.sec !== null && { latestSec: gone.sec, latestMs: atMs }), offMs }, scored };
}

function isOff({ drainedAt }: Made, sec: number | null, atMs: number): boolean {
  const saidSec = (Date.parse(drainedAt) - atMs) / 1000;
  // It may be known again in a moment; what was to be over is wrong by then.
  if (sec === null) return saidSec < 0;
  return Math.abs(sec - saidSec) > Math.max(mostOffSec, mostOffShare * Math.max(sec, saidSec));
}

/** @returns that the pace is another one by now than the forecast goes by, without a cause that anybody marked; undefined where it is not */
export const changeOfPace = ({ current }: Forecasts, atMs: number): Cause | undefined =>
  current?.offMs != null && atMs - current.offMs >= offForMs ? { atMs, text: 'the pace changed' } : undefined;

/** @returns a forecast that nothing was held against yet; `sinceMs`: causes after it end it */
export const made = (lag: number, sec: number, atMs: number, sinceMs: number): Made => ({
  ...{ madeAt: new Date(atMs).toISOString(), lag, drainSec: sec, drainedAt: new Date(atMs + sec * 1000).toISOString() },
  ...{ latestSec: sec, latestMs: atMs, sinceMs, offMs: null },
});

function score({ madeAt, lag, drainSec, drainedAt }: Made, actualSec: number, replacedBy: string | null): ScoredForecast {
  const actual = Math.round(actualSec * 10) / 10;
  const errorSec = Math.round((actual - drainSec) * 10) / 10;
  return { madeAt, lag, drainSec, drainedAt, actualSec: actual, errorSec, disturbed: replacedBy !== null, replacedBy };
}

const kept = (scored: readonly ScoredForecast[], one: ScoredForecast): ScoredForecast[] => [...scored, one].slice(-keptScores);

/** @returns how good it was: `said 23 s, took 21 s (9% less)`, or `said 44 min 7 s, until scaled to 3: it would have been 43 min 50 s` */
export function scoreText({ drainSec, actualSec, errorSec, replacedBy }: ScoredForecast): string {
  const said = `said ${duration(drainSec)}`;
  const percent = Math.round((Math.abs(errorSec) / drainSec) * 100);
  if (replacedBy !== null) return `${said}, until ${replacedBy}${percent === 0 ? '' : `: it would have been ${duration(actualSec)}`}`;
  return `${said}, took ${duration(actualSec)}${percent === 0 ? '' : ` (${percent}% ${errorSec > 0 ? 'more' : 'less'})`}`;
}

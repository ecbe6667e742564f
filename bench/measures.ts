/** Makes measures out of the rounds of the contenders. Pure. */
import type { Pace } from './progress.ts';
import type { Measure, Target, Unit } from './result.ts';
import { ratioOfMedians, summarize } from './statistics.ts';

type About = { name: string; unit: Unit; target?: Target };

const lowerIsBetter: readonly Unit[] = ['s', 'ms', 'MB'];

/** @returns the measure of one quantity; with a peer, the ratio is above 1 where ours is better */
export function measure(about: About, ours: readonly number[], peer?: { name: string; rounds: readonly number[] }): Measure {
  const better = lowerIsBetter.includes(about.unit) ? 'lower' : 'higher';
  if (!peer) return { ...about, better, ours: summarize(ours) };
  const ratio = better === 'higher' ? ratioOfMedians(ours, peer.rounds) : ratioOfMedians(peer.rounds, ours);
  return { ...about, better, ours: summarize(ours), peer: { name: peer.name, ...summarize(peer.rounds) }, ratio };
}

/**
 * @param name what both did
 * @param target of the steady rate's ratio
 * @returns three measures of the paces: steady (from 10% done to 100%), second half, all with start-up
 */
export function paceMeasures(
  name: string,
  ours: readonly Pace[],
  peer: { name: string; paces: readonly Pace[] },
  target?: Target,
): Measure[] {
  const of = (part: string, unit: Unit, figure: (pace: Pace) => number, aim?: Target): Measure =>
    measure({ name: `${name}, ${part}`, unit, ...(aim && { target: aim }) }, ours.map(figure), {
      name: peer.name,
      rounds: peer.paces.map(figure),
    });
  return [
    of('steady', 'records/s', ({ steadyRate }) => steadyRate, target),
    of('second half', 'records/s', ({ secondHalfRate }) => secondHalfRate),
    of('with start-up', 's', ({ totalSec }) => totalSec),
  ];
}

/** Makes measures out of the rounds of the contenders. Pure. */
import type { Pace } from './progress.ts';
import type { Measure, Target, Unit } from './result.ts';
import { ratioOfMedians, summarize } from './statistics.ts';

type About = { name: string; unit: Unit; target?: Target };

/** The rounds of a contender: `name` of ours only where there is more than one. */
export type Contestant<Name> = { name: Name; paces: readonly Pace[] };

const lowerIsBetter: readonly Unit[] = ['s', 'ms', 'MB'];

/** @returns the measure of one quantity; with a peer, the ratio is above 1 where ours is better */
export function measure(about: About, ours: readonly number[], peer?: { name: string; rounds: readonly number[] }): Measure {
  const better = lowerIsBetter.includes(about.unit) ? 'lower' : 'higher';
  if (!peer) return { ...about, better, ours: summarize(ours) };
  const ratio = better === 'higher' ? ratioOfMedians(ours, peer.rounds) : ratioOfMedians(peer.rounds, ours);
  return { ...about, better, ours: summarize(ours), peer: { name: peer.name, ...summarize(peer.rounds) }, ratio };
}

/**
 * @param about what both did
 * @param target of the steady rate's ratio
 * @returns three measures of the paces: steady (from 10% done to 100%), second half, all with start-up
 */
export function paceMeasures(about: string, ours: Contestant<string | undefined>, peer: Contestant<string>, target?: Target): Measure[] {
  const of = (part: string, unit: Unit, figure: (pace: Pace) => number, aim?: Target): Measure => {
    const rounds = { ours: ours.paces.map(figure), peer: peer.paces.map(figure) };
    const found = measure({ name: `${about}, ${part}`, unit, ...(aim && { target: aim }) }, rounds.ours, {
      name: peer.name,
      rounds: rounds.peer,
    });
    return ours.name === undefined ? found : { ...found, ours: { ...found.ours, name: ours.name } };
  };
  return [
    of('steady', 'records/s', ({ steadyRate }) => steadyRate, target),
    of('second half', 'records/s', ({ secondHalfRate }) => secondHalfRate),
    of('with start-up', 's', ({ totalSec }) => totalSec),
  ];
}

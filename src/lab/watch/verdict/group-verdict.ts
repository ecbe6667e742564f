/** One word on a group, by Burrow's names, and why, in a sentence. */
import type { GroupStateName, Verdict } from '../../wire/all.ts';
import type { GroupMovement } from './group-movement.ts';

export type VerdictFacts = {
  state: GroupStateName;
  members: number;
  hasCommits: boolean;
  movement: Pick<GroupMovement, 'totalLag' | 'trend' | 'readPerSec' | 'rewound' | 'stillSec'>;
  /** Partitions whose end is not known. */
  unreadable: number;
  paused: boolean;
  /** Why one of its partitions cannot be read on, where it waits for somebody's transaction. */
  waiting?: string | undefined;
};

/** Longer than any commit interval here, and than the rhythm of a slow throttle (s). */
const stalledAfterSec = 8;

/** @returns the verdict and its reason */
export function verdictOf({ state, members, hasCommits, movement, unreadable, paused, waiting }: VerdictFacts): {
  verdict: Verdict;
  text: string;
} {
  const { totalLag, trend, readPerSec, rewound, stillSec } = movement;
  const lag = totalLag ?? 0;
  if (state === 'Dead' && !hasCommits) return { verdict: 'NOTFOUND', text: 'no such group: nobody has read under this name yet' };
  if (unreadable > 0) return { verdict: 'ERR', text: `${count(unreadable, 'partition')} cannot be read` };
  if (rewound) return { verdict: 'REWIND', text: 'its offsets went back: it reads again what it has read before' };
  const isUnknown = state === 'Unknown';
  if (isUnknown && lag === 0) return { verdict: 'NOTFOUND', text: 'not yet known: Kafka has not told who is in the group' };
  if (members === 0 && !isUnknown) return { verdict: 'STOP', text: `nobody reads; ${count(lag, 'record')} wait` };
  if (waiting !== undefined && !paused) return { verdict: 'STALL', text: waiting };
  if (lag > 0 && stillSec >= stalledAfterSec) {
    const why = paused ? 'it is paused' : state === 'Stable' ? 'no commit came' : 'it is rebalancing';
    return { verdict: 'STALL', text: `${count(lag, 'record')} wait and nothing was committed for ${Math.round(stillSec)} s: ${why}` };
  }
  if (trend?.direction === 'growing') {
    return { verdict: 'WARN', text: `lag grows by ${number(trend.perSec)}/s while ${number(readPerSec ?? 0)}/s are read` };
  }
  return { verdict: 'OK', text: lag === 0 ? 'all is read' : trend?.direction === 'draining' ? 'it catches up' : 'it keeps up' };
}

/** @returns `1 record`, `12,000 records` */
export const count = (value: number, what: string): string => `${number(value)} ${what}${value === 1 ? '' : 's'}`;

/** @returns the number for a sentence: `12,000`, `0.4` */
export const number = (value: number): string =>
  new Intl.NumberFormat('en-US', { maximumFractionDigits: Math.abs(value) < 10 ? 1 : 0 }).format(value);

/** @returns `8 s`, `2 min 5 s`, `4 min`, `3 h 10 min` */
export function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const rest = (part: number, unit: string): string => (part === 0 ? '' : ` ${part} ${unit}`);
  if (whole < 3600) return `${Math.floor(whole / 60)} min${rest(whole % 60, 's')}`;
  return `${Math.floor(whole / 3600)} h${rest(Math.floor((whole % 3600) / 60), 'min')}`;
}

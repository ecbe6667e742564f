/** What a crash test has to reach to mean anything, by what it could strike. Pure. */
import type { Situation } from '../../report/situation.ts';
import type { FaultKind } from './fault.ts';

export const situationNames = {
  killAtWork: 'a kill while records were being worked on',
  outlastedSession: 'a freeze that outlasted the session',
  outlastedLocks: 'a freeze that outlasted the locks of its records',
  stopAtWork: 'a stop and a start under load',
  rebalanceAtWork: 'a rebalance while offsets were being committed',
  scaled: 'processes added or taken away under load',
  brokerAtWork: 'a broker restart under load',
  brokerInTransaction: 'a broker restart with a transaction open',
  duplicate: 'an id that came in twice',
  unreadable: 'a record that cannot be read',
} as const;

export type SituationName = keyof typeof situationNames;

export type RunFacts = {
  /** Kinds of faults that could come. */
  kinds: readonly FaultKind[];
  minutes: number;
  /** Whether the system writes in transactions, can be scaled, has a consumer group, has a share group. */
  transactional: boolean;
  scalable: boolean;
  grouped: boolean;
  queued: boolean;
};

/**
 * @param reached how often
 * @param run what it needs
 */
export function situations(
  reached: ReadonlyMap<SituationName, number>,
  { kinds, minutes, transactional, scalable, grouped, queued }: RunFacts,
): Situation[] {
  const has = (kind: FaultKind): number => (kinds.includes(kind) ? 1 : 0);
  const needed: { [name in SituationName]: number } = {
    killAtWork: grouped || queued ? has('kill') * Math.max(1, Math.floor(minutes / 3)) : 0,
    outlastedSession: grouped ? has('freeze') : 0,
    outlastedLocks: queued ? has('freeze') : 0,
    stopAtWork: has('stop'),
    rebalanceAtWork: grouped ? Math.max(has('kill'), has('freeze'), has('stop'), has('scale')) : 0,
    scaled: scalable ? has('scale') : 0,
    brokerAtWork: has('broker'),
    brokerInTransaction: transactional ? has('broker') : 0,
    duplicate: has('duplicate'),
    unreadable: has('unreadable'),
  };
  return (Object.keys(situationNames) as SituationName[])
    .filter((name) => needed[name] > 0 || (reached.get(name) ?? 0) > 0)
    .map((name) => ({ situation: situationNames[name], times: reached.get(name) ?? 0, needed: needed[name] }));
}

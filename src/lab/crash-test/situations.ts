/** What a run has to reach to mean anything: a storm that never struck at the wrong moment has shown nothing. Pure. */
import type { FaultKind } from './fault.ts';

/** Something that sometimes happens: how often it did, and how often it has to. */
export type Situation = { situation: string; times: number; needed: number };

export const situationNames = {
  killAtWork: 'a kill while records were being worked on',
  outlastedSession: 'a freeze that outlasted the session',
  stopAtWork: 'a stop and a start under load',
  rebalanceAtWork: 'a rebalance while offsets were being committed',
  scaled: 'processes added or taken away under load',
  brokerAtWork: 'a broker restart under load',
  brokerInTransaction: 'a broker restart with a transaction open',
  duplicate: 'an id that came in twice',
  unreadable: 'a record that cannot be read',
} as const;

export type SituationName = keyof typeof situationNames;

/**
 * @param reached how often
 * @param run `kinds` of faults that were asked for; whether the system writes in transactions, and can be scaled
 */
export function situations(
  reached: ReadonlyMap<SituationName, number>,
  { kinds, minutes, transactional, scalable }: { kinds: readonly FaultKind[]; minutes: number; transactional: boolean; scalable: boolean },
): Situation[] {
  const has = (kind: FaultKind): number => (kinds.includes(kind) ? 1 : 0);
  const needed: { [name in SituationName]: number } = {
    killAtWork: has('kill') * Math.max(1, Math.floor(minutes / 3)),
    outlastedSession: has('freeze'),
    stopAtWork: has('stop'),
    rebalanceAtWork: Math.max(has('kill'), has('freeze'), has('stop'), has('scale')),
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

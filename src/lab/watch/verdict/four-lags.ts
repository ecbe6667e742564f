/** How far a group is behind in one partition, by four ends that answer four questions, and which of them matters now. Pure, without imports of Node. */
import type { GroupPartition } from '../../wire/all.ts';
import type { LagKind } from '../../wire/lag-kinds.ts';
import { count, number } from './group-verdict.ts';

export type FourLags = {
  /** Records; null where it is not known. */
  records: { [kind in LagKind]: number | null };
  /** Which of them to look at now; null where nothing waits, or nothing is known. */
  matters: LagKind | null;
  /** Why, in one sentence. */
  text: string;
};

export type LagFacts = Pick<GroupPartition, 'lag' | 'end' | 'stable' | 'underWay' | 'notVisible' | 'openTransaction'> & {
  /** Who reads the partition; null where nobody does. */
  reader: string | null;
};

/** @returns the four, and the judgement on them */
export function fourLags(facts: LagFacts): FourLags {
  const { lag, end, stable, underWay, notVisible } = facts;
  // The offset that is read next, as the lag was counted from it.
  const next = lag === null || end === null ? null : end - lag;
  const records = {
    end: lag,
    stable: next === null || stable === null ? null : Math.max(0, stable - next),
    // What the reader told is of another moment than the lag.
    fetched: underWay === null || lag === null ? underWay : Math.min(underWay, lag),
    visible: notVisible,
  };
  return { records, ...judged(records, facts) };
}

function judged(records: FourLags['records'], { openTransaction, reader }: LagFacts): Pick<FourLags, 'matters' | 'text'> {
  const { end, stable, fetched, visible } = records;
  if (end === null) return { matters: null, text: 'how far the group is, is not known' };
  if (openTransaction !== null && stable !== null && stable < end) {
    return { matters: 'stable', text: `${counted(end - stable)} of ${number(end)} may not be read by anybody yet: ${openTransaction}` };
  }
  if (end > 0 && fetched !== null && fetched === end) {
    const whose = reader === null ? 'its reader' : reader;
    return { matters: 'fetched', text: `all that is left is in the hands of ${whose}: ${counted(end)}, read again if it dies now` };
  }
  if (end > 0)
    return {
      matters: 'end',
      text: `${counted(end)} ${end === 1 ? 'waits' : 'wait'} to be read${reader === null ? ', and nobody reads' : ''}`,
    };
  if (visible !== null && visible > 0) {
    return {
      matters: 'visible',
      text: `everything is read here, and ${counted(visible)} ${visible === 1 ? 'is' : 'are'} not in the figures yet`,
    };
  }
  return { matters: null, text: 'nothing waits' };
}

const counted = (records: number): string => count(records, 'record');

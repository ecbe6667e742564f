/** What a run says of a system as a whole: as which guarantee it behaved, and whether that is what it claims. Pure. */

import { neverReached, type Situation } from '../../report/situation.ts';
import type { Guarantee } from '../../systems/file/system-schema.ts';
import type { LedgerVerdict } from './judge-ledger.ts';

export type Verdict = {
  lost: number;
  repeated: number;
  invented: number;
  outOfOrder: number;
  /** Ids that the services never got to. */
  unread: number;
  /** The longest time in which a partition with lag was not read on although a process ran. */
  stalledSec: number;
  /** Whether all processes ran and all was read in the end, without help. */
  cameBack: boolean;
  /** Partitions that one bad record has stopped. */
  poisoned: number;
  behavesAs: Guarantee;
  claim: Guarantee | null;
  held: boolean;
};

export type Outcome = 'held' | 'not-held' | 'inconclusive';

/**
 * @param ledgers one verdict for each
 * @param run what only the run can tell
 */
export function verdictOf(
  ledgers: readonly LedgerVerdict[],
  { stalledSec, cameBack, claim }: { stalledSec: number; cameBack: boolean; claim: Guarantee | undefined },
): Verdict {
  const { ids: _, ...counts } = countsOf(ledgers);
  const found = { ...counts, stalledSec, cameBack, behavesAs: guaranteeOf(counts), claim: claim ?? null };
  return { ...found, held: keepsClaim(found) && isWhole(found) };
}

/** @returns whether what was found agrees with what is claimed; of a system that claims nothing, whether nothing was lost */
export const keepsClaim = ({ behavesAs, claim, lost }: Pick<Verdict, 'behavesAs' | 'claim' | 'lost'>): boolean =>
  claim === null ? lost === 0 : isAtLeast(behavesAs, claim);

/** A guarantee says nothing of what nobody reads any more, so a system that has stopped holds no claim, whatever it is. */
const isWhole = ({ cameBack, poisoned }: Pick<Verdict, 'cameBack' | 'poisoned'>): boolean => cameBack && poisoned === 0;

/** @returns all ledgers in one */
export function countsOf(ledgers: readonly LedgerVerdict[]): Omit<LedgerVerdict, 'findings'> {
  const sum = (of: (ledger: LedgerVerdict) => number): number => ledgers.reduce((total, ledger) => total + of(ledger), 0);
  return {
    ids: sum(({ ids }) => ids),
    lost: sum(({ lost }) => lost),
    repeated: sum(({ repeated }) => repeated),
    invented: sum(({ invented }) => invented),
    outOfOrder: sum(({ outOfOrder }) => outOfOrder),
    unread: sum(({ unread }) => unread),
    poisoned: sum(({ poisoned }) => poisoned),
  };
}

/** @returns the strongest guarantee that what was read agrees with */
export function guaranteeOf({ lost, repeated, invented }: Pick<Verdict, 'lost' | 'repeated' | 'invented'>): Guarantee {
  if (invented > 0 || (lost > 0 && repeated > 0)) return 'none';
  if (lost > 0) return 'at-most-once';
  return repeated > 0 ? 'at-least-once' : 'exactly-once';
}

/** Whoever does more than was claimed has held the claim. */
const isAtLeast = (behavesAs: Guarantee, claim: Guarantee): boolean =>
  behavesAs === claim || behavesAs === 'exactly-once' || claim === 'none';

/**
 * What was found counts however little the run reached; nothing found counts only if it reached enough.
 * @param unexplained the verdict without what Kafka itself may have done: where that one would hold, the run has not told
 */
export function outcomeOf({ held }: Verdict, situations: readonly Situation[], unexplained?: Verdict): Outcome {
  if (!held) return unexplained?.held ? 'inconclusive' : 'not-held';
  return neverReached(situations).length === 0 ? 'held' : 'inconclusive';
}

/** The equation of books that were read from the log itself. Pure. */
import type { Equation } from './equation.ts';
import type { Ledger } from './read-ledger.ts';

type Counts = Pick<Ledger, 'records' | 'decided' | 'duplicates' | 'deadLettered' | 'inFlight' | 'found'> & {
  deletedUnread: Pick<Ledger['deletedUnread'], 'records'>;
};

/** @returns each record that was written, also those that were deleted before they were read; nothing is left to be counted later */
export function equationOf({ records, decided, duplicates, deadLettered, inFlight, found, deletedUnread }: Counts): Equation {
  const { missing } = found;
  // Decisions whose order is deleted are no records of the orders topic: what is out of reach of these is what remains.
  const outOfReach = Math.max(0, records - decided - duplicates - deadLettered - inFlight - missing);
  return {
    ...{ written: records + deletedUnread.records, decided, duplicates, deadLettered, inFlight, notCounted: 0, outOfReach },
    ...{ lost: missing + deletedUnread.records, unaccounted: 0, decidedTwice: found['decided-twice'] },
  };
}

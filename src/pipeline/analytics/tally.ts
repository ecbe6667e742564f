/** What records add, partition by partition: the sums that are kept beside the rows, so that no start has to add the rows up. Pure. */
import { addFigures, type Fact, type Figures } from './view.ts';

/** Sums over the rows of one partition of both topics; `minuteCheck` is a checksum of its minutes, see there. */
export type Sums = Figures & { minuteCheck: number };

/** Names of `Sums`, in the order of the columns in which they are kept. */
export const sumNames = [
  ...['orders', 'failedOrders', 'reserved', 'rejected', 'released', 'duplicateOrders', 'conflictingOrders', 'repeatedOutcomes'],
  ...['deadLetters', 'minuteCheck'],
] as (keyof Sums)[];

export const noSums = (): Sums => Object.fromEntries(sumNames.map((name) => [name, 0])) as Sums;

/** The largest prime below 2^16: the sums stay exact up to 10^11 orders. */
const checkModulus = 65_521;

/**
 * What orders of a minute add to the checksum of a partition's minutes. It is a plain sum, so it is kept as the others are, and it tells
 * minutes apart that hold the same orders in another way.
 * @param minute minutes since 1970
 */
export const minuteCheck = (minute: number, orders: number): number => (((minute % checkModulus) + checkModulus) % checkModulus) * orders;

/** What a batch of records adds to one partition. */
export type Tally = {
  sums: Sums /** Orders by minute since 1970. */;
  minutes: Map<number, number> /** By second since 1970. */;
  seconds: Map<number, number>;
};

export const emptyTally = (): Tally => ({ sums: noSums(), minutes: new Map(), seconds: new Map() });

/** Adds what one record says. */
export function count({ sums, minutes, seconds }: Tally, fact: Fact): void {
  addFigures(sums, fact);
  if (fact.kind !== 'order') return;
  const second = Math.floor(fact.createdAtMs / 1000);
  const minute = Math.floor(second / 60);
  sums.minuteCheck += minuteCheck(minute, 1);
  minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
  seconds.set(second, (seconds.get(second) ?? 0) + 1);
}

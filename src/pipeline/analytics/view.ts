/** The view: totals over the log, folded from facts. Pure: no clock, no Kafka, no store. */
import type { InventoryEvent } from '../events/inventory-event.ts';
import { OrdersByMinute } from './orders-by-minute.ts';

/** Where a record stands in the log. */
export type Place = { topic: string; partition: number; offset: number };

/** Two orders under one id that ask for different things: the first one was decided on, the other was not. */
export type Conflict = { orderId: string; first: Place; other: Place };

/** What one record adds to the view. `failsOrder`: the order counts as failed from now on (it did not before). */
export type Fact =
  | { kind: 'order'; createdAtMs: number; minute: string; failsOrder: boolean }
  | { kind: 'outcome'; action: InventoryEvent['action']; failsOrder: boolean }
  | { kind: 'duplicate-order' }
  | ({ kind: 'conflicting-order' } & Conflict)
  | { kind: 'repeated-outcome' }
  | { kind: 'dead-letter' };

/** What is counted, one number each. */
export type Figures = {
  orders: number;
  failedOrders: number;
  reserved: number;
  rejected: number;
  released: number;
  /** Order records beyond the first of their id. */
  duplicateOrders: number;
  /** Those of them that ask for something else than the first. */
  conflictingOrders: number;
  /** More than one decision on an order: 0 unless the once-only promise is broken. */
  repeatedOutcomes: number;
  deadLetters: number;
};

export type View = Figures & {
  /** The last conflicting orders that were found. */
  conflicts: Conflict[];
  byMinute: OrdersByMinute;
  /** Orders by second of their creation (epoch seconds); only recent seconds are of use. */
  bySecond: Map<number, number>;
};

export const emptyView = (): View => ({
  orders: 0,
  failedOrders: 0,
  reserved: 0,
  rejected: 0,
  released: 0,
  duplicateOrders: 0,
  conflictingOrders: 0,
  conflicts: [],
  repeatedOutcomes: 0,
  deadLetters: 0,
  byMinute: new OrdersByMinute(),
  bySecond: new Map(),
});

/** How many conflicts are told with both places; all are counted. */
export const keptConflicts = 10;

/** The figure in which each kind of decision is counted. */
export const outcomeField = { reserve: 'reserved', reject: 'rejected', release: 'released' } as const;

/** Adds what one record says to the numbers, in place. */
export function addFigures(figures: Figures, fact: Fact): void {
  switch (fact.kind) {
    case 'order':
      figures.orders += 1;
      if (fact.failsOrder) figures.failedOrders += 1;
      break;
    case 'outcome':
      figures[outcomeField[fact.action]] += 1;
      if (fact.failsOrder) figures.failedOrders += 1;
      break;
    case 'duplicate-order':
      figures.duplicateOrders += 1;
      break;
    case 'conflicting-order':
      figures.duplicateOrders += 1;
      figures.conflictingOrders += 1;
      break;
    case 'repeated-outcome':
      figures.repeatedOutcomes += 1;
      break;
    case 'dead-letter':
      figures.deadLetters += 1;
      break;
  }
}

/**
 * @param view changed in place: it has one owner, and a copy per record would cost more than the fold
 * @param fact what one record adds
 * @returns the same view
 */
export function fold(view: View, fact: Fact): View {
  addFigures(view, fact);
  if (fact.kind === 'order') {
    view.byMinute.add(fact.minute);
    const second = Math.floor(fact.createdAtMs / 1000);
    view.bySecond.set(second, (view.bySecond.get(second) ?? 0) + 1);
  }
  if (fact.kind === 'conflicting-order') {
    const { orderId, first, other } = fact;
    view.conflicts = [...view.conflicts, { orderId, first, other }].slice(-keptConflicts);
  }
  return view;
}

/** How long a second is of use for the current rate. */
export const recentSeconds = 60;

/** Seconds that are no longer of use are looked for when there are this many. */
const manySeconds = 10_000;

/**
 * Counts the orders created in the last minute, and forgets the seconds before it.
 * @param view whose `bySecond` is pruned
 * @param nowMs epoch milliseconds
 */
export function recentOrders(view: View, nowMs: number): number {
  const now = Math.floor(nowMs / 1000);
  let recent = 0;
  for (let second = now - recentSeconds + 1; second <= now; second += 1) recent += view.bySecond.get(second) ?? 0;
  if (view.bySecond.size > manySeconds) {
    for (const second of view.bySecond.keys()) if (second <= now - recentSeconds) view.bySecond.delete(second);
  }
  return recent;
}

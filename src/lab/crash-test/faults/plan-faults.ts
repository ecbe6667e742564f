/** Which faults come in which order, drawn from a seed before a run begins. Pure. */

import type { FaultKind, PlannedFault } from './fault.ts';
import { type Seeded, seeded } from './seeded.ts';

export type PlanOptions = {
  seed: string;
  kinds: readonly FaultKind[];
  /** Names of the services that have processes to strike. */
  services: readonly string[];
  /** Those of them that may have more processes than they start with. */
  scalable: readonly string[];
  /** How many faults; what does not fit into the time of a run is left out. */
  count: number;
};

/** Out of the sum of those that are asked for. */
const weights: { [kind in FaultKind]: number } = { kill: 35, freeze: 15, stop: 15, scale: 15, broker: 8, duplicate: 12, unreadable: 0 };
const gapSec = [2, 6] as const;
const downSec = [1, 5] as const;

/** A broker takes longest to come back, and a record that cannot be read may stop a service for good: so these are the last of the first round. */
const late: readonly FaultKind[] = ['broker', 'unreadable'];

/**
 * The kinds come once each at first, as they are drawn, then by their weights; a record that cannot be read does not come again.
 * @returns faults in their order; the same options give the same ones
 */
export function planFaults({ seed, kinds, services, scalable, count }: PlanOptions): PlannedFault[] {
  const random = seeded(seed);
  const usable = kinds.filter((kind) => kind !== 'scale' || scalable.length > 0);
  const drawn = usable.filter((kind) => !late.includes(kind));
  const kindsInOrder: FaultKind[] = [...shuffled(random, drawn), ...late.filter((kind) => usable.includes(kind))];
  const again = usable.filter((kind) => weights[kind] > 0);
  while (kindsInOrder.length < count && again.length > 0) kindsInOrder.push(drawKind(random, again));
  return kindsInOrder.map((kind) => ({
    kind,
    gapSec: random.whole(...gapSec),
    service: random.pick(kind === 'scale' ? scalable : services),
    pick: random.whole(0, 999) / 1000,
    forSec: random.whole(...downSec),
  }));
}

function drawKind(random: Seeded, kinds: readonly FaultKind[]): FaultKind {
  let drawn = random.whole(
    1,
    kinds.reduce((sum, kind) => sum + weights[kind], 0),
  );
  for (const kind of kinds) {
    drawn -= weights[kind];
    if (drawn <= 0) return kind;
  }
  return kinds[0] as FaultKind;
}

function shuffled<T>(random: Seeded, list: readonly T[]): T[] {
  const left = [...list];
  return list.map(() => left.splice(random.whole(0, left.length - 1), 1)[0] as T);
}

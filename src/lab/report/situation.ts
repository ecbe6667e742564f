/** What a run has to reach to mean anything: a storm that never struck at the wrong moment has shown nothing. Antithesis calls it *sometimes*. Pure. */

/** Something that sometimes happens: how often it did, and how often it has to. */
export type Situation = { situation: string; times: number; needed: number };

/** @returns those that happened too seldom */
export const neverReached = (situations: readonly Situation[]): Situation[] => situations.filter(({ times, needed }) => times < needed);

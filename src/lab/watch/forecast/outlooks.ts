/** When the lag of each group is gone, and what was foretold of it: the state that `whenGone` and `nextForecasts` need from sample to sample. */
import type { Sample } from '../../wire/all.ts';
import { changeOfPace, type Forecasts, nextForecasts, noForecasts } from './forecast.ts';
import { type OutlookFacts, situationOf } from './group-outlook.ts';
import { type Cause, type WhenGone, whenGone } from './when-gone.ts';

export type LookedAt = OutlookFacts & {
  /** Whether Kafka does not answer now. */
  isAway: boolean;
};

export class Outlooks {
  readonly #factsOf: (group: string) => LookedAt;
  readonly #forecasts = new Map<string, Forecasts>();

  /** @param factsOf a group, as it is known now */
  constructor(factsOf: (group: string) => LookedAt) {
    this.#factsOf = factsOf;
  }

  /** A sample came: what was foretold of the group is held against it. */
  heldAgainst(group: string, sample: Sample, totalLag: number | null): void {
    const { gone, cause } = this.#of(group);
    const before = this.forecasts(group);
    this.#forecasts.set(group, nextForecasts(before, totalLag, gone, sample.atMs, changeOfPace(before, sample.atMs) ?? cause));
  }

  /** @returns when its lag is gone */
  gone(group: string): WhenGone {
    return this.#of(group).gone;
  }

  forecasts(group: string): Forecasts {
    return this.#forecasts.get(group) ?? noForecasts;
  }

  #of(group: string): { gone: WhenGone; cause: Cause | undefined } {
    const { isAway, ...facts } = this.#factsOf(group);
    const situation = situationOf(facts);
    return { gone: whenGone({ ...situation, ...(isAway && { halted: 'Kafka does not answer' }) }), cause: situation.cause };
  }
}

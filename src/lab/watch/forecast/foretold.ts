/** What was foretold before a service was scaled, held against what then happened: the state that this needs from sample to sample. */

import { count, duration } from '../verdict/group-verdict.ts';
import { type Forecasts, made, nextForecasts, scoreText } from './forecast.ts';
import type { WhatIf } from './what-if.ts';
import type { Cause } from './when-gone.ts';

type Open = { instances: number; forecast: NonNullable<Forecasts['current']> };

/** What is over sooner cannot be told from the time that a rebalance takes (s). */
const leastSec = 5;

export class Foretold {
  /** By group; the last scale counts. */
  readonly #open = new Map<string, Open>();

  /**
   * A service is about to be scaled.
   * @param lag of its group now; null where it is not known
   * @returns what is foretold, in a sentence; undefined where nothing is
   */
  begin(group: string, { instances, sec }: Pick<WhatIf, 'instances' | 'sec'>, lag: number | null, atMs: number): string | undefined {
    this.#open.delete(group);
    if (lag === null || lag === 0 || sec === null || sec < leastSec) return undefined;
    this.#open.set(group, { instances, forecast: made(lag, sec, atMs, atMs) });
    return `foretold for ${count(instances, 'instance')}: gone in about ${duration(sec)}`;
  }

  /** When the open forecast of a group was made (ms since 1970); undefined where there is none. */
  since(group: string): number | undefined {
    const { forecast } = this.#open.get(group) ?? {};
    return forecast && Date.parse(forecast.madeAt);
  }

  /**
   * @param cause what changed the group since, the scale itself left out
   * @returns how good the forecast was, in a sentence, once that is known
   */
  heldAgainst(group: string, totalLag: number | null, sec: number | null, atMs: number, cause: Cause | undefined): string | undefined {
    const open = this.#open.get(group);
    if (!open) return undefined;
    const { current, scored } = nextForecasts({ current: open.forecast, scored: [] }, totalLag, { sec, keepsUp: false }, atMs, cause);
    const [score] = scored;
    if (score === undefined) {
      if (current) this.#open.set(group, { ...open, forecast: current });
      return undefined;
    }
    this.#open.delete(group);
    return `foretold for ${count(open.instances, 'instance')}: ${scoreText(score)}`;
  }
}

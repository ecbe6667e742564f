/** Waits until groups have read everything, as the broker tells it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ReplaygroundError } from '../errors.ts';
import { type GroupState, readGroup } from './group-state.ts';
import type { KafkaInspector } from './inspector.ts';
import { lagOf } from './lag.ts';

export type GroupTopics = { group: string; topics: string[] };

export type WaitOptions = {
  /** Give up when the lag did not fall for this long (ms). */
  stalledAfterMs: number;
  /** Called with what is left, records of all groups together, now and then. */
  onProgress?: (left: number) => void;
  /**
   * Asked where the lag does not fall: how many records that really is. Without it, groups are waited for that commit behind the end of a
   * transaction too, as all of ours do.
   */
  countLeft?: (states: readonly GroupState[]) => Promise<number>;
};

const pollMs = 250;
/** The lag stands for so long: a look at what it is made of (ms). */
const countAfterMs = 2000;

/** @returns records left; a partition without a commit counts from where the group begins */
export const leftOf = ({ partitions }: Pick<GroupState, 'partitions'>): number =>
  partitions.reduce((sum, { committed, start = 0, end }) => sum + (lagOf(committed ?? start, end) ?? Number.POSITIVE_INFINITY), 0);

/**
 * @param inspector how to ask
 * @param groups which groups, each with the topics it reads
 * @returns their states once the lag of all is 0
 * @throws ReplaygroundError `not-drained` when the lag stops falling
 */
export async function waitDrained(
  inspector: KafkaInspector,
  groups: readonly GroupTopics[],
  { stalledAfterMs, onProgress, countLeft }: WaitOptions,
): Promise<GroupState[]> {
  let least = Number.POSITIVE_INFINITY;
  let lastProgress = Date.now();
  let wasCounted = false;
  for (;;) {
    const states = await Promise.all(groups.map(({ group, topics }) => readGroup(inspector, group, topics)));
    const left = states.reduce((sum, state) => sum + leftOf(state), 0);
    if (left === 0) return states;
    onProgress?.(left);
    if (left < least) {
      least = left;
      lastProgress = Date.now();
      wasCounted = false;
    }
    if (countLeft && !wasCounted && Date.now() - lastProgress > countAfterMs) {
      wasCounted = true;
      if ((await countLeft(states)) === 0) return states;
    }
    if (Date.now() - lastProgress > stalledAfterMs) {
      const behind = states.filter((state) => leftOf(state) > 0).map(({ group, state }) => `${group} (${state})`);
      throw new ReplaygroundError(
        'not-drained',
        `${left} records are left and no fewer for ${stalledAfterMs / 1000} s: ${behind.join(', ')}; see ./lab lag and ./lab ps`,
        {
          retriable: true,
        },
      );
    }
    await sleep(pollMs);
  }
}

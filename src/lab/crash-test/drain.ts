/** Gives a system time to read what is left, without faults and without help, and says why it did not where it does not. */
import { setTimeout as delay } from 'node:timers/promises';
import type { RunningService } from '../systems/running-service.ts';
import type { Sample } from './group-history.ts';

export type DrainOptions = {
  services: readonly RunningService[];
  look: () => Promise<Sample | undefined>;
  withinMs: number;
  signal: AbortSignal;
  onLag: (lag: number) => void;
};

const lookEveryMs = 500;
/** Nothing was written, and nothing was committed, for so long. */
const stillForMs = 4000;
/** Partitions that are not read on for so long will not be. */
const giveUpAfterMs = 30_000;

/** @returns what did not come back, in words; empty where all did */
export async function drain({ services, look, withinMs, signal, onLag }: DrainOptions): Promise<string[]> {
  const end = Date.now() + withinMs;
  let last = '';
  let sinceMs = Date.now();
  for (;;) {
    const sample = await look();
    if (sample) {
      const state = stateOf(sample);
      if (state !== last) sinceMs = Date.now();
      last = state;
      const left = behind(sample);
      onLag(left.reduce((sum, { lag }) => sum + lag, 0));
      const isStill = Date.now() - sinceMs >= stillForMs;
      const down = services.flatMap(({ instances }) => instances).filter(({ state: one }) => one === 'waiting');
      if (isStill && left.length === 0 && down.length === 0) return [];
      if (Date.now() > end || Date.now() - sinceMs > giveUpAfterMs) {
        return [
          ...down.map(({ name, troubles }) => `${name} does not run: it ended ${troubles.times} times, ${troubles.last}`),
          ...left.map(({ group, place, lag }) => `${group} does not read ${place} on: ${lag} records are left`),
        ];
      }
    } else if (Date.now() > end) return ['Kafka does not tell how far the groups are'];
    if (signal.aborted) return [];
    await delay(lookEveryMs, undefined, { signal }).catch(() => {});
  }
}

const stateOf = ({ groups, written }: Sample): string =>
  JSON.stringify([written, groups.map(({ partitions }) => partitions.map(({ committed }) => committed))]);

/** A topic that is written to in transactions ends in a control record, behind which nobody commits: a lag of 1 is none. */
const behind = ({ groups }: Sample): { group: string; place: string; lag: number }[] =>
  groups.flatMap(({ group, partitions }) =>
    partitions
      .map(({ topic, partition, committed, end }) => ({ group, place: `${topic}/${partition}`, lag: end - committed }))
      .filter(({ lag }) => lag > 1),
  );

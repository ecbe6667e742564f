/** Gives a system time to read what is left, without faults and without help, and says why it did not where it does not. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Instance } from '../../systems/process/instance.ts';
import type { RunningService } from '../../systems/process/running-service.ts';
import type { Sample } from './group-history.ts';

export type DrainOptions = {
  services: readonly RunningService[];
  look: () => Promise<Sample | undefined>;
  /** Whoever is not done by then never will be. */
  withinMs: number;
  /** Topics that lead back to themselves: then the end may never come, and is not waited for so long. */
  circle: readonly string[] | undefined;
  signal: AbortSignal;
  onLag: (lag: number) => void;
};

const lookEveryMs = 500;
/** Nothing was written, and nothing was committed, for so long: where nothing is left, that is the end. */
const stillForMs = 4000;
/** Where a share group has one offset left, it is a control record, or a record under a lock, which lasts 30 s by default. */
const lockedForMs = 40_000;
/**
 * Partitions that are not read on for so long will not be. By the defaults of the clients a dead member keeps its partitions for 45 s, and the
 * transaction of a dead process stays open for 60 s.
 */
const giveUpAfterMs = 90_000;
/** The same where a process does nothing but end and begin again. */
const giveUpLoopAfterMs = 20_000;
const loopEnds = 2;
const circleWithinMs = 30_000;

/** @returns what did not come back, in words; empty where all did */
export async function drain({ services, look, withinMs, circle, signal, onLag }: DrainOptions): Promise<string[]> {
  const begin = Date.now();
  const end = begin + (circle ? Math.min(withinMs, circleWithinMs) : withinMs);
  const instances = services.flatMap((service) => service.instances);
  const written = { state: '', sinceMs: begin };
  const committed = { state: '', sinceMs: begin };
  for (;;) {
    const sample = await look();
    const now = Date.now();
    if (sample) {
      note(written, writtenIn(sample), now);
      note(committed, sample.groups.length > 0 ? committedIn(sample) : writtenIn(sample), now);
      const left = behind(sample);
      onLag(left.reduce((sum, { lag }) => sum + lag, 0));
      const stillMs = now - Math.max(written.sinceMs, committed.sinceMs);
      const stuckMs = now - committed.sinceMs;
      const down = instances.filter((instance) => !isSettled(instance, now));
      const looping = instances.filter((instance) => endsSince(instance, committed.sinceMs) >= loopEnds);
      const quietMs = hasOneLeft(sample) ? lockedForMs : stillForMs;
      if (stillMs >= quietMs && left.length === 0 && down.length === 0) return [];
      if (now > end || stuckMs > (looping.length > 0 ? giveUpLoopAfterMs : giveUpAfterMs)) {
        const troubled = [...new Set([...down, ...looping])].filter(({ troubles }) => troubles.times > 0);
        const goesOn = circle && stillMs < stillForMs;
        return [
          ...(goesOn ? [`it goes on ${Math.round((now - begin) / 1000)} s after the load ended: ${circle.join(' -> ')} is a circle`] : []),
          ...troubled.map(
            ({ name, troubles, lastWords }) =>
              `${name} ended ${troubles.times} times, ${troubles.last}: ${lastWords || 'it wrote nothing'}`,
          ),
          ...left.map(
            ({ group, place, lag }) => `${group} does not read ${place} on: ${lag} ${lag === 1 ? 'record is' : 'records are'} left`,
          ),
        ];
      }
    } else if (now > end) return ['Kafka does not tell how far the groups are'];
    if (signal.aborted) return [];
    await delay(lookEveryMs, undefined, { signal }).catch(() => {});
  }
}

/** One that ends again and again runs too, now and then. */
const isSettled = ({ state, lives }: Instance, now: number): boolean =>
  state === 'stopped' || (state === 'running' && now - (lives.at(-1)?.fromMs ?? now) >= stillForMs);

const endsSince = ({ lives }: Instance, sinceMs: number): number => lives.filter(({ toMs = 0 }) => toMs > sinceMs).length;

type Since = { state: string; sinceMs: number };

function note(since: Since, state: string, now: number): void {
  if (since.state !== state) since.sinceMs = now;
  since.state = state;
}

const writtenIn = ({ written }: Sample): string => String(written);
/** What is written goes on without them: a process that dies in a transaction leaves a control record each time. */
const committedIn = ({ groups }: Sample): string =>
  JSON.stringify(groups.map(({ partitions }) => partitions.map(({ committed }) => committed)));

/** A topic that is written to in transactions ends in a control record, behind which nobody commits: a lag of 1 is none. */
const behind = ({ groups }: Sample): { group: string; place: string; lag: number }[] =>
  groups.flatMap(({ group, partitions }) =>
    partitions
      .map(({ topic, partition, committed, end }) => ({ group, place: `${topic}/${partition}`, lag: end - committed }))
      .filter(({ lag }) => lag > 1),
  );

const hasOneLeft = ({ groups }: Sample): boolean =>
  groups.some(({ partitions, isQueue }) => isQueue && partitions.some(({ committed, end }) => end - committed === 1));

/** Waits for the processes that a verb just started, so that the next command finds them at work. */
import { setTimeout as delay } from 'node:timers/promises';
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { ProcessView } from '../../lab/wire/lab-state.ts';
import type { LabClient } from './lab-client.ts';

/** A store that is rebuilt from a long log takes its time (ms). */
const deadlineMs = 120_000;
const pollMs = 50;

/**
 * @param lab the running lab
 * @param names processes that were started
 * @returns them, healthy
 * @throws ReplaygroundError `not-healthy`: which is not, and why
 */
export async function waitHealthy(lab: LabClient, names: readonly string[]): Promise<ProcessView[]> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const processes = (await lab.state()).processes.filter(({ name }) => names.includes(name));
    const waiting = processes.filter(({ state }) => state !== 'healthy');
    if (waiting.length === 0) return processes;
    const lost = waiting.find(({ state }) => state === 'crashed' || state === 'stopped') ?? (Date.now() > end ? waiting[0] : undefined);
    if (lost) {
      const why = lost.detail ? `: ${lost.detail}` : '';
      throw new ReplaygroundError('not-healthy', `${lost.name} is ${lost.state}${why}; see ./lab logs ${lost.name}`);
    }
    await delay(pollMs);
  }
}

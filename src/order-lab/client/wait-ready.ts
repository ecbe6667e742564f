/** Waits for a lab that another process brings up, and says what it is waiting for. */
import { setTimeout as delay } from 'node:timers/promises';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { interrupted } from '../../lab/terminal/exit-codes.ts';
import type { LabState } from '../wire/lab-state.ts';
import { findLab } from './lab-client.ts';

/** Kafka may recover a long log and the services may rebuild their stores (ms). */
const deadlineMs = 300_000;
const pollMs = 100;

/**
 * @param home LAB_HOME
 * @param say gets a line for each change of a process
 * @param signal ends the wait
 * @returns the state once all are healthy
 * @throws ReplaygroundError `lab-not-ready`, `interrupted`
 */
export async function waitReady(home: string, say: (line: string) => void, signal: AbortSignal): Promise<LabState> {
  const end = Date.now() + deadlineMs;
  const shown = new Map<string, string>();
  while (!signal.aborted) {
    const lab = await findLab(home);
    const state = await lab?.state().catch(() => undefined);
    for (const { name, state: phase, detail } of state?.processes ?? []) {
      const line = detail === null || phase === 'starting' ? `${name} ${phase}` : `${name} ${phase}: ${detail}`;
      if (phase !== 'stopped' && shown.get(name) !== line) say(line);
      shown.set(name, line);
    }
    if (state?.ready) return state;
    if (Date.now() > end) throw new ReplaygroundError('lab-not-ready', 'the lab is not ready: see ./lab ps and ./lab logs');
    await delay(pollMs, undefined, { signal }).catch(() => {});
  }
  throw interrupted();
}

/** A process of a system as the page of a lab shows one. Pure. */
import type { Instance } from '../../systems/process/instance.ts';
import type { ProcessView } from '../../wire/all.ts';

const phases = { running: 'healthy', waiting: 'restarting', frozen: 'unhealthy', stopped: 'stopped' } as const;

/** @returns how it is now; `frozen` is unhealthy, and says why */
export function processView(
  service: string,
  { name, state, lives, troubles }: Pick<Instance, 'name' | 'state' | 'lives' | 'troubles'>,
): ProcessView {
  const life = lives.at(-1);
  const isUp = state === 'running' || state === 'frozen';
  return {
    name,
    service,
    state: phases[state],
    pid: isUp ? (life?.pid ?? null) : null,
    port: null,
    restarts: Math.max(0, lives.length - 1),
    since: new Date((isUp ? life?.fromMs : life?.toMs) ?? Date.now()).toISOString(),
    rssBytes: null,
    detail: state === 'frozen' ? 'frozen (SIGSTOP)' : state === 'waiting' ? (troubles.last ?? null) : null,
  };
}

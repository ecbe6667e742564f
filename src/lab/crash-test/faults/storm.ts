/** Strikes with one fault after the other until the time is over; the next one waits until the system works again, so that it strikes something. */
import { setTimeout as delay } from 'node:timers/promises';
import { hasMoved, type Sample } from '../watch/group-history.ts';
import type { Fault, FaultKind, PlannedFault } from './fault.ts';
import { type Scene, strike } from './strike.ts';

export type StormOptions = {
  plan: readonly PlannedFault[];
  /** No fault begins later (ms since 1970). */
  untilMs: number;
  scene: Scene;
  onFault: (fault: Fault) => void;
};

/** Who is not back by then is struck again all the same (ms). */
const patienceMs = 20_000;
const lookEveryMs = 300;
const afterMissedMs = 2000;
/** What no process has to come back from. */
const harmless: ReadonlySet<FaultKind> = new Set(['duplicate', 'unreadable']);

/** @returns what was done */
export async function storm({ plan, untilMs, scene, onFault }: StormOptions): Promise<Fault[]> {
  const { signal } = scene;
  const done: Fault[] = [];
  for (const planned of plan) {
    // By what was planned: a timer may come a little early.
    const atMs = Date.now() + planned.gapSec * 1000;
    await pause(planned.gapSec * 1000, untilMs, signal);
    if (signal.aborted || atMs >= untilMs || Date.now() >= untilMs) break;
    const fault = await strike(planned, scene);
    if (!fault) continue;
    done.push(fault);
    onFault(fault);
    if (!harmless.has(fault.kind)) await untilAtWork(scene, untilMs);
  }
  await pause(untilMs - Date.now(), untilMs, signal);
  // What takes no time is not left out because the rest took longer.
  for (const planned of missed(plan, done)) {
    const fault = signal.aborted ? undefined : await strike(planned, scene);
    if (!fault) continue;
    done.push(fault);
    onFault(fault);
    // Something is to come behind it.
    await pause(afterMissedMs, Date.now() + afterMissedMs, signal);
  }
  return done;
}

/** @returns the first of each harmless kind that was planned and never came */
const missed = (plan: readonly PlannedFault[], done: readonly Fault[]): PlannedFault[] =>
  [...harmless]
    .filter((kind) => !done.some((fault) => fault.kind === kind))
    .flatMap((kind) => plan.find((planned) => planned.kind === kind) ?? []);

const pause = async (forMs: number, untilMs: number, signal: AbortSignal): Promise<void> =>
  void (await delay(Math.max(0, Math.min(forMs, untilMs - Date.now())), undefined, { signal }).catch(() => {}));

/** Every process runs, and every group commits further than it had. */
async function untilAtWork({ services, watch, signal }: Scene, untilMs: number): Promise<void> {
  const end = Math.min(untilMs, Date.now() + patienceMs);
  let first: Sample | undefined;
  while (Date.now() < end && !signal.aborted) {
    const now = await watch.look();
    first ??= now;
    const run = services.every(({ instances }) => instances.every(({ state }) => state === 'running' || state === 'stopped'));
    if (run && first && now && hasMoved(first, now)) return;
    await delay(lookEveryMs, undefined, { signal }).catch(() => {});
  }
}

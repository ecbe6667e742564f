/** Waits until changed settings act: they travel by Kafka, and a batch that is under way is finished under the old ones. */
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { reachable } from '../../lab/supervisor/lab-ports.ts';
import type { ProcessView } from '../../lab/wire/lab-state.ts';
import type { RuntimeOverrides } from '../../pipeline/settings/runtime-settings.ts';
import type { LabClient } from './lab-client.ts';

const deadlineMs = 5000;
const pollMs = 20;
const askTimeoutMs = 2000;

/**
 * @param lab the lab that runs the instances
 * @param service whose settings were changed
 * @param overrides all that is set for it now
 * @returns the names of the healthy instances that do not follow within 5 s: one that pauses for long, or is stuck
 */
export async function waitInForce(lab: Pick<LabClient, 'file' | 'state'>, service: string, overrides: RuntimeOverrides): Promise<string[]> {
  const end = Date.now() + deadlineMs;
  const host = reachable(new URL(lab.file.url).hostname);
  for (;;) {
    const instances = (await lab.state()).processes.filter((one) => one.service === service && one.state === 'healthy');
    const follow = await Promise.all(instances.map(async ({ port }) => isDeepStrictEqual(await overridesOf(host, port), overrides)));
    const waiting = instances.filter((_, index) => !follow[index]).map(({ name }) => name);
    if (waiting.length === 0 || Date.now() > end) return waiting;
    await delay(pollMs);
  }
}

/** @returns the overrides that the batch under way is done by */
async function overridesOf(host: string, port: ProcessView['port']): Promise<unknown> {
  try {
    const answer = await fetch(`http://${host}:${port}/health`, { signal: AbortSignal.timeout(askTimeoutMs) });
    return ((await answer.json()) as { overrides?: unknown }).overrides;
  } catch {
    return undefined;
  }
}

/** Watches what the lab's processes take while something else goes on: memory, open files, logs, and how late the view is. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatValue } from '../../../lab/report/check.ts';
import { logFolder } from '../../../lab/supervisor/log-files.ts';
import type { LabSteps, ResourceSample, Resources } from '../lab-steps.ts';
import type { Rig } from '../rig.ts';

const everyMs = 1000;

export function resourceSteps(rig: Rig): Pick<LabSteps, 'watchResources'> {
  const { recorder, signal } = rig;
  return {
    watchResources: () => {
      const stop = new AbortController();
      const over = AbortSignal.any([signal, stop.signal]);
      const samples: ResourceSample[] = [];
      const visibleMs: number[] = [];
      const watch = async (): Promise<void> => {
        while (!over.aborted) {
          const sample = await takeSample(rig).catch(() => undefined);
          if (sample) samples.push(sample);
          const ms = await visibleNow(rig).catch(() => null);
          if (ms !== null) visibleMs.push(ms);
          await sleep(everyMs, undefined, { signal: over }).catch(() => {});
        }
      };
      const watching = watch();
      return {
        finish: () =>
          recorder.step(
            { kind: 'look', what: 'memory, open files and logs of every process', byHand: ['./lab ps', 'ls -l .lab/logs'] },
            async (tell) => {
              stop.abort();
              await watching;
              tell(`${formatValue(samples.length)} samples`);
              return { samples, logBytes: await logBytes(rig.lab.settings.labHome), visibleMs: percentiles(visibleMs) };
            },
          ),
      };
    },
  };
}

async function takeSample({ lab }: Rig): Promise<ResourceSample> {
  const { processes } = await lab.client.state();
  const taken = processes.flatMap(({ name, pid, rssBytes }) => (pid === null || rssBytes === null ? [] : [{ name, pid, rssBytes }]));
  const withHandles = taken.map(async ({ name, pid, rssBytes }) => ({ name, rssBytes, handles: await openFiles(pid) }));
  return { atMs: Date.now(), processes: await Promise.all(withHandles) };
}

/** Told by Linux alone. */
const openFiles = (pid: number): Promise<number | undefined> =>
  readdir(`/proc/${pid}/fd`).then(
    (files) => files.length,
    () => undefined,
  );

/** As analytics itself says: the mean of the orders that became visible last. */
async function visibleNow({ lab }: Rig): Promise<number | null> {
  const response = await fetch(`${lab.analyticsUrl}/health`, { signal: AbortSignal.timeout(2000) });
  return ((await response.json()) as { endToEndMs: number | null }).endToEndMs;
}

/** Each log with its older files, by process. */
async function logBytes(home: string): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const folder of [logFolder(home), join(home, 'kafka')]) {
    for (const file of await readdir(folder)) {
      const [, name] = /^(.+)\.log(\.\d+)?$/.exec(file) ?? [];
      if (name !== undefined) sums[name] = (sums[name] ?? 0) + (await stat(join(folder, file))).size;
    }
  }
  return sums;
}

function percentiles(values: readonly number[]): Resources['visibleMs'] {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), most: at(1), looks: sorted.length };
}

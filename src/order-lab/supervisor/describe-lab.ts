/** The state of a lab as the control API tells it: processes, addresses, memory. */

import { residentBytes } from '../../lab/processes/process-list.ts';
import { allHealthy } from '../../lab/supervisor/all-healthy.ts';
import type { ProcessView } from '../../lab/wire/lab-state.ts';
import type { SystemFacts } from '../../lab/wire/system-facts.ts';
import type { LabFile } from '../../pipeline/service/lab-file.ts';
import type { LabState } from '../wire/lab-state.ts';
import { analyticsPort, isPipeline } from './service-table.ts';

export type LabFacts = {
  /** What the lab knows about itself. */
  file: LabFile;
  /** LAB_HOME */
  labHome: string;
  system: SystemFacts;
  /** Its processes. */
  views: readonly Omit<ProcessView, 'rssBytes'>[];
  /** Whether everything that should run was started. */
  started: boolean;
};

/** @returns the state of now, with the memory of each process */
export async function describeLab({ file, labHome, system, views, started }: LabFacts): Promise<LabState> {
  const sizes = await residentBytes([file.pid, ...views.flatMap(({ pid }) => (pid === null ? [] : [pid]))]);
  const { hostname } = new URL(file.url);
  const { labId, pid, startedAt, brokers, ports } = file;
  return {
    labId,
    labHome,
    pid,
    startedAt,
    ready: started && allHealthy(views),
    brokers,
    system,
    urls: {
      lab: file.url,
      ...(isPipeline(system) && {
        orders: `http://${hostname}:${ports.orders}`,
        analytics: `http://${hostname}:${analyticsPort(views, ports.analytics)}`,
      }),
    },
    rssBytes: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0),
    processes: views.map((view) => ({ ...view, rssBytes: view.pid === null ? null : (sizes.get(view.pid) ?? null) })),
  };
}

/** The state of a lab as the control API tells it: processes, addresses, memory. */

import type { LabFile } from '../../pipeline/service/lab-file.ts';
import { residentBytes } from '../processes/process-list.ts';
import type { LabState, ProcessView } from '../wire/lab-state.ts';
import { allHealthy } from './all-healthy.ts';

/**
 * @param file what the lab knows about itself
 * @param labHome LAB_HOME
 * @param views its processes
 * @param started whether everything that should run was started
 */
export async function describeLab(
  file: LabFile,
  labHome: string,
  views: readonly Omit<ProcessView, 'rssBytes'>[],
  started: boolean,
): Promise<LabState> {
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
    urls: { lab: file.url, orders: `http://${hostname}:${ports.orders}`, analytics: `http://${hostname}:${ports.analytics}` },
    rssBytes: [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0),
    processes: views.map((view) => ({ ...view, rssBytes: view.pid === null ? null : (sizes.get(view.pid) ?? null) })),
  };
}

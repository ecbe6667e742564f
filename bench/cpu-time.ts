/** Processor time of processes, as the system counts it: unlike speed, it hardly depends on what else the machine does. */
import { readFile } from 'node:fs/promises';

/** What Linux counts processor time in, for programs, on every architecture (USER_HZ). */
const ticksPerSec = 100;
/** Places of `utime` and `stime` after the name of the program, which may hold spaces (proc_pid_stat(5)). */
const places = { user: 11, system: 12 };

/** @returns seconds of all threads since the process began, by pid; empty where there is no /proc */
export async function cpuSeconds(pids: readonly number[]): Promise<Map<number, number>> {
  const found = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return [pid, (Number(fields[places.user]) + Number(fields[places.system])) / ticksPerSec] as const;
    }),
  );
  return new Map(found.filter(([, seconds]) => Number.isFinite(seconds)));
}

/** The processes of this machine with their command lines and memory, whether or not `ps` is installed. */
import { readdir, readFile } from 'node:fs/promises';
import { execa } from 'execa';
import psList from 'ps-list';

export type ListedProcess = { pid: number; commandLine: string };

/** @returns every process whose command line can be read, but for this one */
export async function listProcesses(): Promise<ListedProcess[]> {
  const all = process.platform === 'linux' ? await fromProc() : (await psList()).map(({ pid, cmd = '' }) => ({ pid, commandLine: cmd }));
  return all.filter(({ pid }) => pid !== process.pid);
}

/** Slim container images have no `ps`. */
async function fromProc(): Promise<ListedProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const read = async (pid: number) => ({
    pid,
    commandLine: (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' '),
  });
  return (await Promise.all(pids.map(read))).filter(({ commandLine }) => commandLine !== '');
}

/** @returns resident memory in bytes, by pid; a process that is gone is left out */
export async function residentBytes(pids: readonly number[]): Promise<Map<number, number>> {
  if (pids.length === 0) return new Map();
  if (process.platform !== 'linux') return fromPs(pids);
  const sizes = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      return [pid, Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024] as const;
    }),
  );
  return new Map(sizes.filter(([, bytes]) => bytes > 0));
}

async function fromPs(pids: readonly number[]): Promise<Map<number, number>> {
  const { stdout } = await execa('ps', ['-o', 'pid=,rss=', '-p', pids.join(',')], { reject: false });
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  return new Map(rows.flatMap(([pid, kib]) => (pid && kib ? [[pid, kib * 1024] as const] : [])));
}

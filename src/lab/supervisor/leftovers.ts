/** Ends what a killed supervisor left behind. Call it only with the lock of the home: then whatever carries its id is an orphan. */
import { setTimeout as delay } from 'node:timers/promises';
import { endProcessesIn } from '../processes/folder-processes.ts';
import { type ListedProcess, listProcesses } from '../processes/process-list.ts';
import { systemsFolder } from './lab-home.ts';
import { labIdOf } from './lab-id.ts';

/** How the processes of a lab are marked on their command lines: `service` for Node, `broker` for Java. */
export const labMark = {
  service: (labId: string): string => `--lab=${labId}`,
  broker: (labId: string): string => `-Dreplayground.lab=${labId}`,
};

/** A service gives its own stop 5 s. */
const patienceMs = 6000;

/** @returns the processes that carry the lab's id, services and broker apart */
export function processesOf(labId: string, all: readonly ListedProcess[]): { services: ListedProcess[]; brokers: ListedProcess[] } {
  const carrying = (mark: string) => all.filter(({ commandLine }) => commandLine.split(' ').includes(mark));
  return { services: carrying(labMark.service(labId)), brokers: carrying(labMark.broker(labId)) };
}

/**
 * SIGTERM, then SIGKILL; the services before the broker that they use. Those of a system.yaml, which carry no mark of ours, are known by the
 * folder that they were given, and killed: nobody knows how they want to be asked.
 * @param home LAB_HOME of the lab whose processes to end
 * @param say gets one line per process that is ended
 * @returns how many there were
 */
export async function endLeftovers(home: string, say: (line: string) => void): Promise<number> {
  const labId = labIdOf(home);
  const ofSystems = await endProcessesIn(systemsFolder(home));
  if (ofSystems > 0) say(`${ofSystems} processes of a system ended, left by a lab that was killed`);
  const { services, brokers } = processesOf(labId, await listProcesses());
  for (const [kind, group] of [
    ['service', services],
    ['Kafka', brokers],
  ] as const) {
    for (const { pid } of group) say(`ending a ${kind} process left by a lab that was killed (pid ${pid})`);
    await endAll(
      labId,
      group.map(({ pid }) => pid),
    );
  }
  return ofSystems + services.length + brokers.length;
}

async function endAll(labId: string, pids: readonly number[]): Promise<void> {
  for (const pid of pids) signal(pid, 'SIGTERM');
  const end = Date.now() + patienceMs;
  let left = await stillThere(labId, pids);
  while (left.length > 0 && Date.now() < end) {
    await delay(50);
    left = await stillThere(labId, left);
  }
  for (const pid of left) signal(pid, 'SIGKILL');
  while ((await stillThere(labId, left)).length > 0) await delay(20);
}

/** By the command line again: a pid may be somebody else's by now. */
async function stillThere(labId: string, pids: readonly number[]): Promise<number[]> {
  const { services, brokers } = processesOf(labId, await listProcesses());
  return [...services, ...brokers].map(({ pid }) => pid).filter((pid) => pids.includes(pid));
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is gone already.
  }
}

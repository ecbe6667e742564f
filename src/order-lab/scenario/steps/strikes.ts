/** Steps that do harm to processes: SIGKILL, SIGSTOP and SIGCONT, and changes of scale that wait for nobody. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import type { ProcessView } from '../../../lab/wire/lab-state.ts';
import type { LabSteps } from '../lab-steps.ts';
import type { Fault, PlannedFault } from '../load/storm-faults.ts';
import { goOn, type Rig } from '../rig.ts';

export function strikeSteps(rig: Rig): Pick<LabSteps, 'freeze' | 'thaw' | 'storm'> {
  const { recorder } = rig;
  const find = async (process: string): Promise<ProcessView | undefined> =>
    (await rig.lab.client.state()).processes.find(({ name }) => name === process);
  const running = async (process: string): Promise<number> => {
    const pid = (await find(process))?.pid;
    if (pid) return pid;
    throw new ReplaygroundError('not-running', `${process} has no process`);
  };

  const thaw = (name: string): Promise<void> =>
    recorder.step({ kind: 'change', what: `thaw ${name} (SIGCONT)`, byHand: ['kill -CONT <pid>'] }, async (tell) => {
      const pid = (await find(name))?.pid;
      tell(pid && signal(pid, 'SIGCONT') ? `pid ${pid}` : 'it is gone');
    });
  const strike = (fault: Fault): Promise<boolean> => {
    const { what, byHand } = describeFault(fault);
    return recorder.step({ kind: 'change', what, byHand }, async (tell) => {
      if (fault.kind === 'scale') {
        await rig.lab.client.post('/api/scale', { service: fault.service, count: fault.count });
        return true;
      }
      const view = await find(fault.process);
      const struck = view?.pid ? signal(view.pid, fault.kind === 'kill' ? 'SIGKILL' : 'SIGSTOP') : false;
      tell(struck ? `pid ${view?.pid}, it was ${view?.state}` : `spared: ${view ? `it is ${view.state}` : 'there is none'}`);
      return struck;
    });
  };
  const pause = async (forMs: number): Promise<void> => {
    await sleep(Math.max(0, forMs), undefined, { signal: rig.signal }).catch(() => {});
    goOn(rig);
  };

  return {
    freeze: (name) =>
      recorder.step({ kind: 'change', what: `freeze ${name} (SIGSTOP)`, byHand: ['./lab ps', 'kill -STOP <pid>'] }, async (tell) => {
        const pid = await running(name);
        process.kill(pid, 'SIGSTOP');
        tell(`pid ${pid}`);
        return pid;
      }),

    thaw,

    storm: async (faults) => {
      const startedAt = Date.now();
      const struck: PlannedFault[] = [];
      const thaws: Promise<void>[] = [];
      for (const fault of faults) {
        await pause(startedAt + fault.atSec * 1000 - Date.now());
        if (!(await strike(fault))) continue;
        struck.push(fault);
        if (fault.kind === 'freeze') thaws.push(pause(fault.forSec * 1000).then(() => thaw(fault.process)));
      }
      await Promise.all(thaws);
      return struck;
    },
  };
}

/** @returns whether there was such a process */
function signal(pid: number, name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

function describeFault(fault: Fault): { what: string; byHand: string[] } {
  switch (fault.kind) {
    case 'kill':
      return { what: `kill ${fault.process} (SIGKILL)`, byHand: [`./lab kill ${fault.process}`] };
    case 'freeze':
      return { what: `freeze ${fault.process} for ${fault.forSec} s (SIGSTOP)`, byHand: ['./lab ps', 'kill -STOP <pid>'] };
    case 'scale':
      return { what: `scale ${fault.service} to ${fault.count}`, byHand: [`./lab scale ${fault.service}=${fault.count}`] };
  }
}

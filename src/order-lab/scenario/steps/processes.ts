/** Steps that change what runs and how it behaves: settings, instances, stops, starts, crashes. */

import type { Action } from '../../../lab/supervisor/supervisor.ts';
import type { ProcessView } from '../../../lab/wire/lab-state.ts';
import { publishRuntimeSettings } from '../../../pipeline/settings/runtime-settings.ts';
import { waitInForce } from '../../client/settings-in-force.ts';
import { waitHealthy } from '../../client/wait-healthy.ts';
import { setByHand, settingsText } from '../by-hand.ts';
import type { LabSteps } from '../lab-steps.ts';
import { type Rig, requireOwnLab } from '../rig.ts';

export function processSteps(rig: Rig): Pick<LabSteps, 'set' | 'scale' | 'kill' | 'stop' | 'start' | 'restart' | 'restartLab'> {
  const { recorder } = rig;
  const act = (action: Action, process: string, what: string): Promise<void> =>
    recorder.step({ kind: 'change', what, byHand: [`./lab ${action} ${process}`] }, async () => {
      const path = `/api/services/${encodeURIComponent(process)}/${action}`;
      const { processes } = await rig.lab.client.post<{ processes: ProcessView[] }>(path);
      if (action === 'start' || action === 'restart')
        await waitHealthy(
          rig.lab.client,
          processes.map(({ name }) => name),
        );
    });

  return {
    set: (service, settings) =>
      recorder.step(
        {
          kind: 'change',
          what: `set ${service} ${settings === null ? 'back to its start values' : settingsText(settings)}`,
          byHand: setByHand(service, settings),
        },
        async () => {
          const now = await publishRuntimeSettings(rig.lab.config, service, settings);
          await waitInForce(rig.lab.client, service, now);
        },
      ),

    scale: (service, count) =>
      recorder.step({ kind: 'change', what: `scale ${service} to ${count}`, byHand: [`./lab scale ${service}=${count}`] }, async () => {
        const { processes } = await rig.lab.client.post<{ processes: ProcessView[] }>('/api/scale', { service, count });
        await waitHealthy(
          rig.lab.client,
          processes.map(({ name }) => name),
        );
      }),

    kill: (process) => act('kill', process, `kill ${process} with SIGKILL`),
    stop: (process) => act('stop', process, `stop ${process}`),
    start: (process) => act('start', process, `start ${process}`),
    restart: (process) => act('restart', process, `restart ${process}`),

    restartLab: (environment) => {
      const assignments = Object.entries(environment)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ');
      const byHand = ['./lab down', `${assignments} ./lab up --detach`];
      return recorder.step({ kind: 'change', what: `start the lab again with ${assignments}`, byHand }, async () => {
        const restart = requireOwnLab(rig);
        rig.lab.inspector[Symbol.dispose]();
        rig.lab = await restart(environment);
        rig.sampler.follow(rig.lab);
      });
    },
  };
}

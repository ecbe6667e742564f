/** `./lab scale inventory-service=3`: more or fewer instances, now, without touching the others. */
import type { Command } from 'commander';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { labWithSystem, requireLab } from '../../client/lab-client.ts';
import { takeOver } from '../../client/take-over.ts';
import { waitHealthy } from '../../client/wait-healthy.ts';
import { parseScale } from '../../supervisor/service-target.ts';
import { note, print, printJson, withJson } from '../../terminal/output.ts';
import type { ProcessView } from '../../wire/lab-state.ts';
import { serviceCalled } from '../other-service-names.ts';

export function register(program: Command): void {
  withJson(program.command('scale'))
    .description('run so many instances of a service, and wait until they are healthy')
    .argument('<service=count>', 'inventory-service=3')
    .addHelpText('after', '\nExample:\n  ./lab scale inventory-service=3')
    .action(async (wish: string, { json }: { json?: boolean }) => {
      const own = readSettings();
      const found = await labWithSystem(own);
      const scale = parseScale(serviceCalled(wish, found.system), found.system.services);
      const lab = found.lab ?? (await requireLab(own.labHome));
      await takeOver(lab, { own, env: process.env, services: [scale.service], always: false, say: note });
      const answer = await lab.post<{ processes: ProcessView[] }>('/api/scale', scale);
      const processes = await waitHealthy(
        lab,
        answer.processes.map(({ name }) => name),
      );
      if (json) printJson<'scale'>(processes);
      else if (processes.length === 0) print(`${scale.service} has no instance now`);
      else for (const { name, state } of processes) print(`${name} ${state}`);
    });
}

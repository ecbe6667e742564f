/** `./lab scale inventory-service=3`: more or fewer instances, now, without touching the others. */
import type { Command } from 'commander';
import type { ProcessView } from '../lab/lab-state.ts';
import { parseScale } from '../lab/service-target.ts';
import { readSettings } from '../settings/read-settings.ts';
import { requireLab } from './lab-client.ts';
import { print, printJson, withJson } from './output.ts';

export function register(program: Command): void {
  withJson(program.command('scale'))
    .description('run so many instances of a service')
    .argument('<service=count>', 'inventory-service=3')
    .addHelpText('after', '\nExample:\n  ./lab scale inventory-service=3')
    .action(async (wish: string, { json }: { json?: boolean }) => {
      const scale = parseScale(wish);
      const lab = await requireLab(readSettings().labHome);
      const { processes } = await lab.post<{ processes: ProcessView[] }>('/api/scale', scale);
      if (json) printJson(processes);
      else if (processes.length === 0) print(`${scale.service} has no instance now`);
      else for (const { name, state } of processes) print(`${name} ${state}`);
    });
}

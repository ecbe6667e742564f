/** `./lab scale inventory-service=3`: more or fewer instances, now, without touching the others. */
import type { Command } from 'commander';
import { parseScale } from '../../../lab/supervisor/service-target.ts';
import { usageError } from '../../../lab/terminal/exit-codes.ts';
import { note, print, printTable, withJson } from '../../../lab/terminal/output.ts';
import { whatIf } from '../../../lab/watch/forecast/what-if.ts';
import type { ProcessView } from '../../../lab/wire/lab-state.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { printJson } from '../../answers/print-answer.ts';
import { type LabClient, labWithSystem, requireLab } from '../../client/lab-client.ts';
import { takeOver } from '../../client/take-over.ts';
import { waitHealthy } from '../../client/wait-healthy.ts';
import { serviceCalled } from '../other-service-names.ts';

export function register(program: Command): void {
  withJson(program.command('scale'))
    .description('run so many instances of a service, and wait until they are healthy')
    .argument('<service=count>', 'inventory-service=3')
    .option('--what-if', 'only say who would read what then, and when the lag would be gone')
    .addHelpText('after', '\nExamples:\n  ./lab scale inventory-service=3\n  ./lab scale inventory-service=4 --what-if')
    .action(scaleTo);
}

type Options = { whatIf?: boolean; json?: boolean };

async function scaleTo(wish: string, { whatIf: asksOnly, json = false }: Options): Promise<void> {
  const own = readSettings();
  const found = await labWithSystem(own);
  const scale = parseScale(serviceCalled(wish, found.system), found.system.services);
  const lab = found.lab ?? (await requireLab(own.labHome));
  if (asksOnly) return await showWhatIf(lab, scale, json);
  await takeOver(lab, { own, env: process.env, services: [scale.service], always: false, say: note });
  const answer = await lab.post<{ processes: ProcessView[] }>('/api/scale', scale);
  const processes = await waitHealthy(
    lab,
    answer.processes.map(({ name }) => name),
  );
  if (json) printJson<'scale'>(processes);
  else if (processes.length === 0) print(`${scale.service} has no instance now`);
  else for (const { name, state } of processes) print(`${name} ${state}`);
}

/** @throws ReplaygroundError `usage` where the service reads in no group */
async function showWhatIf(lab: LabClient, { service, count }: { service: string; count: number }, json: boolean): Promise<void> {
  const snapshot = await lab.snapshot();
  const group = snapshot.live.groups.find((one) => one.service === service);
  if (!group) throw usageError(`${service} reads in no group`);
  const found = whatIf(snapshot, group, count);
  if (json) return printJson<'scale-what-if'>({ service, group: group.group, assignor: group.assignor, ...found });
  printTable(
    ['INSTANCE', 'READS', 'LAG', 'GONE IN (S)'],
    found.readers.map(({ name, partitions, lag, sec }) => [
      name,
      partitions.map(({ topic, partition }) => `${topic}/${partition}`).join(', ') || 'nothing: idle',
      lag,
      sec ?? undefined,
    ]),
  );
  print();
  print(found.text);
}

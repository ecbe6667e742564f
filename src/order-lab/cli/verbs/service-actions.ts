/** `./lab stop | start | restart | kill <service[.n]>`: one process, or all instances of a service. */
import type { Command } from 'commander';
import { parseTarget } from '../../../lab/supervisor/service-target.ts';
import type { Action } from '../../../lab/supervisor/supervisor.ts';
import { note, print, withJson } from '../../../lab/terminal/output.ts';
import type { ProcessView } from '../../../lab/wire/lab-state.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { printJson } from '../../answers/print-answer.ts';
import { labWithSystem, refuseOthers, requireLab } from '../../client/lab-client.ts';
import { takeOver } from '../../client/take-over.ts';
import { waitHealthy } from '../../client/wait-healthy.ts';
import { serviceCalled } from '../other-service-names.ts';

const verbs: Record<Action, { does: string; example: string }> = {
  stop: { does: 'stop a service and leave it stopped', example: './lab stop analytics-service' },
  start: { does: 'start what is stopped, and wait until it is healthy', example: './lab start analytics-service' },
  restart: { does: 'stop a service, start it, and wait until it is healthy', example: './lab restart inventory-service.2' },
  kill: { does: 'SIGKILL, as a crash: the lab starts it again', example: './lab kill inventory-service.1' },
};

export function register(program: Command): void {
  for (const action of Object.keys(verbs) as Action[]) {
    withJson(program.command(action))
      .description(verbs[action].does)
      .argument('<service...>', 'kafka, order-service, inventory-service[.n], analytics-service, or what ./lab ps lists')
      .addHelpText('after', `\nExample:\n  ${verbs[action].example}`)
      .action((names: string[], { json }: { json?: boolean }) => act(action, names, json ?? false));
  }
}

async function act(action: Action, given: readonly string[], json: boolean): Promise<void> {
  const own = readSettings();
  const { lab: found, system } = await labWithSystem(own);
  const names = given.map((name) => serviceCalled(name, system));
  const services = names.map((name) => parseTarget(name, system.services).service);
  const lab = found ?? (await requireLab(own.labHome));
  const starts = action === 'start' || action === 'restart';
  if (starts) await takeOver(lab, { own, env: process.env, services, always: false, say: note });
  else await refuseOthers(lab, own, process.env);
  let changed: ProcessView[] = [];
  for (const name of names) {
    const { processes } = await lab.post<{ processes: ProcessView[] }>(`/api/services/${encodeURIComponent(name)}/${action}`);
    changed.push(...processes);
  }
  if (starts) {
    changed = await waitHealthy(
      lab,
      changed.map(({ name }) => name),
    );
  }
  if (json) printJson<Action>(changed);
  else for (const { name, state } of changed) print(action === 'kill' ? `${name} killed` : `${name} ${state}`);
}

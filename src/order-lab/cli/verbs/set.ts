/** `./lab set`: settings that reach every instance of a service at once, wherever it runs, without a restart. */
import type { Command } from 'commander';
import { clientConfig } from '../../../kafka/client/client-config.ts';
import { crashPoints, deliveries } from '../../../kafka/exactly-once/delivery.ts';
import { usageError } from '../../../lab/terminal/exit-codes.ts';
import { note, printTable, withJson } from '../../../lab/terminal/output.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { publishRuntimeSettings, type RuntimeOverrides, readRuntimeSettings } from '../../../pipeline/settings/runtime-settings.ts';
import { printJson } from '../../answers/print-answer.ts';
import { openKafka } from '../../client/kafka-clients.ts';
import { labWithSystem, settingsOfRunningLab } from '../../client/lab-client.ts';
import { waitInForce } from '../../client/settings-in-force.ts';
import { isPipeline } from '../../supervisor/service-table.ts';
import { serviceCalled } from '../other-service-names.ts';
import { checkSettable, parseOverrides, settable } from '../set-arguments.ts';
import { setInSystem } from '../system-set.ts';

const help = `
Settings:
  throttle=10ms       pause per record: 10ms, 2s, 0
  fail-rate=0.3       share of reservations that fail: 0.3, 30% (inventory-service);
                      of notifications that fail, and are delivered again (notification-service)
  reject-rate=0.01    share of notifications that fail for good (notification-service)
  paused=true         stop reading, but stay in the group
  delivery=WHAT       ${deliveries.join(', ')}: what a crash may cost (inventory-service)
  crash=POINT[:N]     kill -9 of an instance ${crashPoints.join(', ')} of its next batch, once;
                      with :N at every Nth batch; none (inventory-service)

Examples:
  ./lab set inventory-service throttle=10ms
  ./lab set inventory-service delivery=at-least-once crash=after-produce
  ./lab set inventory-service --defaults

Where the lab runs another system: under the names that its services read, in the topic that its system.yaml names (settings:).`;

type Options = { defaults?: boolean; json?: boolean };

export function register(program: Command): void {
  withJson(program.command('set'))
    .description('change how a service behaves while it runs; without values, show what is set')
    .argument('<service>', 'inventory-service, analytics-service or notification-service, or one of the system that runs')
    .argument('[setting=value...]', 'throttle=10ms, fail-rate=0.3, paused=true; see below for the rest')
    .option('--defaults', 'back to the values that the service started with')
    .addHelpText('after', help)
    .action(set);
}

async function set(name: string, pairs: readonly string[], { defaults = false, json = false }: Options): Promise<void> {
  if (defaults && pairs.length > 0) throw usageError('--defaults takes everything back: give no values with it');
  const settings = readSettings();
  const { lab: running, system } = await labWithSystem(settings);
  if (running && !isPipeline(system)) {
    using kafka = await openKafka();
    return await setInSystem(kafka, { name, pairs, defaults, json });
  }
  const service = serviceCalled(name);
  checkSettable(service);
  const overrides = parseOverrides(service, pairs);
  const config = clientConfig(await settingsOfRunningLab(settings), 'lab-cli');
  const onlyShow = !defaults && pairs.length === 0;
  const now = onlyShow
    ? await readRuntimeSettings(config, service)
    : await publishRuntimeSettings(config, service, defaults ? null : overrides);
  for (const name of running && !onlyShow ? await waitInForce(running, service, now) : []) note(`lab: ${name} has not taken it up yet`);
  if (json) printJson<'set'>({ service, set: now });
  else show(service, now);
}

function show(service: string, { throttleMs, failRate, rejectRate, paused, delivery, crash }: RuntimeOverrides): void {
  const asStarted = '(as started)';
  const rows: [string, string][] = [
    ['throttle', throttleMs === undefined ? asStarted : `${throttleMs}ms`],
    ['fail-rate', failRate === undefined ? asStarted : String(failRate)],
    ['reject-rate', rejectRate === undefined ? asStarted : String(rejectRate)],
    ['paused', paused === undefined ? asStarted : String(paused)],
    ['delivery', delivery ?? asStarted],
    ['crash', crash ?? asStarted],
  ];
  const shown = rows.filter(([name]) => settable[service]?.includes(name));
  printTable(
    ['SERVICE', 'SETTING', 'VALUE'],
    shown.map((row) => [service, ...row]),
  );
}

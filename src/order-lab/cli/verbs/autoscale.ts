/** `./lab autoscale`: what KEDA would have done over the last 15 minutes, by its own arithmetic. */
import type { Command } from 'commander';
import { wholeNumber } from '../../../lab/cli/numbers.ts';
import { usageError } from '../../../lab/terminal/exit-codes.ts';
import { print, printTable, withJson } from '../../../lab/terminal/output.ts';
import { autoscaleText, historyOf } from '../../../lab/watch/autoscale/autoscale-of-group.ts';
import { type KedaOptions, kedaDefaults } from '../../../lab/watch/autoscale/keda.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { printJson } from '../../answers/print-answer.ts';
import { requireLab } from '../../client/lab-client.ts';
import { serviceCalled } from '../other-service-names.ts';

/** As on the command line: by the names of a trigger's metadata. */
const numbers = {
  lagThreshold: 'lag per replica',
  activationLagThreshold: 'active above this lag',
  pollingInterval: 'seconds between two looks',
  cooldownPeriod: 'seconds without activity before it goes to zero',
  minReplicaCount: 'least replicas',
  maxReplicaCount: 'most replicas',
} as const;
const switches = {
  limitToPartitionsWithLag: 'not more replicas than partitions with lag',
  ensureEvenDistributionOfPartitions: 'the same number of partitions for each replica',
  excludePersistentLag: 'leave out partitions whose commit stands still',
  allowIdleConsumers: 'more replicas than partitions',
  scaleToZeroOnInvalidOffset: 'no lag where nothing is committed',
} as const;

type Options = Record<string, string | boolean | undefined> & { perInstance?: string; startSec: string; json?: boolean };

const most = 1_000_000_000;

export function register(program: Command): void {
  const command = withJson(program.command('autoscale'))
    .description('what KEDA would have done with a service over the last 15 minutes, and when its lag would have been gone')
    .argument('[service]', 'inventory-service, or any other that reads in a group; the first of the system without one');
  for (const [name, help] of Object.entries(numbers)) {
    command.option(`--${name} <n>`, help, String(kedaDefaults[name as keyof typeof numbers]));
  }
  for (const [name, help] of Object.entries(switches)) command.option(`--${name}`, help);
  command
    .option('--per-instance <records/s>', 'what one instance reads in a second, instead of what was measured')
    .option('--start-sec <n>', 'seconds until a new instance reads', '5')
    .addHelpText(
      'after',
      '\nExamples:\n  ./lab autoscale\n  ./lab autoscale inventory-service --lagThreshold 500 --ensureEvenDistributionOfPartitions\n  ./lab autoscale --json',
    )
    .action(autoscale);
}

/** @throws ReplaygroundError `lab-not-running`, `usage` */
async function autoscale(named: string | undefined, options: Options): Promise<void> {
  const settings = readSettings();
  const keda = optionsOf(options);
  const startSec = wholeNumber('--start-sec', options.startSec, 0, 3600);
  const given = options.perInstance === undefined ? undefined : wholeNumber('--per-instance', options.perInstance, 1, most);
  const lab = await requireLab(settings.labHome);
  const snapshot = await lab.snapshot();
  const service = named === undefined ? undefined : serviceCalled(named, lab.system);
  const group = snapshot.live.groups.find((one) => service === undefined || one.service === service);
  if (!group)
    throw usageError(`${service ?? 'no service'} reads in no group: use ${snapshot.live.groups.map((one) => one.service).join(' or ')}`);
  const found = historyOf(snapshot, group, keda, { startSec, perInstance: given });
  if (options.json)
    return printJson<'autoscale'>({ group: group.group, service: group.service, options: keda, ...found, text: autoscaleText(found) });
  const changes = found.points.filter(({ replicas }, index) => replicas !== found.points[index - 1]?.replicas);
  printTable(
    ['AT', 'REPLICAS', 'LAG', 'LAG AS IT WAS'],
    changes.map(({ atMs, replicas, lag, lagThen }) => [new Date(atMs).toISOString(), replicas, lag, lagThen]),
  );
  print();
  print(autoscaleText(found));
}

function optionsOf(options: Options): KedaOptions {
  const given = Object.keys(numbers).map((name) => {
    const least = name === 'lagThreshold' || name === 'pollingInterval' || name === 'maxReplicaCount' ? 1 : 0;
    return [name, wholeNumber(`--${name}`, String(options[name]), least, most)];
  });
  const set = Object.keys(switches).map((name) => [name, options[name] === true]);
  const keda = { ...kedaDefaults, ...Object.fromEntries([...given, ...set]) } as KedaOptions;
  if (keda.allowIdleConsumers && keda.limitToPartitionsWithLag) {
    throw usageError('--allowIdleConsumers and --limitToPartitionsWithLag contradict each other: KEDA takes one of them');
  }
  return keda;
}

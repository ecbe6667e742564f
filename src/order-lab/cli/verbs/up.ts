/** `./lab up`: Kafka, topics and services, in this terminal or in the background. */
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { type GroupProtocol, groupProtocols } from '../../../kafka/consumer/group-protocol.ts';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { watchInterrupts } from '../../../lab/cli/interrupt.ts';
import { buildPageIfStale } from '../../../lab/page/build-page.ts';
import { parseScale } from '../../../lab/supervisor/service-target.ts';
import { factsOf } from '../../../lab/systems/file/describe-system.ts';
import { findSystem, systemsFolder } from '../../../lab/systems/file/find-system.ts';
import { readSystem, type System } from '../../../lab/systems/file/read-system.ts';
import { requirePrograms } from '../../../lab/systems/process/toolchain.ts';
import { interrupted } from '../../../lab/terminal/exit-codes.ts';
import { note, print, withJson } from '../../../lab/terminal/output.ts';
import type { SystemFacts } from '../../../lab/wire/system-facts.ts';
import { declarations, type Settings } from '../../../pipeline/settings/declarations.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { printJson } from '../../answers/print-answer.ts';
import { findLab } from '../../client/lab-client.ts';
import { takeOver } from '../../client/take-over.ts';
import { detachedOption, type UpMessage, upDetached } from '../../client/up-detached.ts';
import { waitReady } from '../../client/wait-ready.ts';
import { orderPipeline } from '../../supervisor/service-table.ts';
import { type LabOptions, runLab } from '../../up/run-lab.ts';
import type { LabState } from '../../wire/lab-state.ts';
import { linePrefixer } from '../console-lines.ts';
import { readEnvFiles } from '../env-files.ts';
import { summaryLines } from '../lab-summary.ts';
import { serviceCalled } from '../other-service-names.ts';

type UpOptions = {
  system?: string;
  detach?: boolean;
  scale?: string[];
  fresh?: boolean;
  envFile?: string[];
  groupProtocol?: GroupProtocol;
  build?: boolean;
  json?: boolean;
  isDetached?: boolean;
};

/** The order pipeline as a system like any other; `./lab up` runs it with all that it has beside. */
const ordersFile = join(systemsFolder, 'orders', 'system.yaml');

export function register(program: Command): void {
  withJson(program.command('up'))
    .description('start Kafka, the topics and the services; returns or says ready when all are healthy')
    .option('-d, --detach', 'run in the background')
    .option('--system <system>', 'in place of the order pipeline: a folder with a system.yaml, or a name from ./lab systems')
    .option('--scale <service=count>', 'so many instances, inventory-service=3', collect)
    .addOption(
      new Option('--group-protocol <protocol>', 'how members of a consumer group share partitions, as GROUP_PROTOCOL').choices(
        groupProtocols,
      ),
    )
    .option('--fresh', "delete Kafka's data and the services' stores first")
    .option('--env-file <file>', 'variables from a file; can be repeated, and what the environment has goes before', collect)
    // Habits from Docker Compose: there is nothing to build, and it waits anyway.
    .addOption(new Option('--build').hideHelp())
    .addOption(new Option('--wait').hideHelp())
    .addOption(new Option(detachedOption).hideHelp())
    .addHelpText('after', '\nExamples:\n  ./lab up --detach --scale inventory-service=3\n  ./lab up --system ./my-consumer')
    .action(up);
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];

async function up(options: UpOptions): Promise<void> {
  if (options.groupProtocol) process.env[declarations.groupProtocol.variable] = options.groupProtocol;
  readEnvFiles(options.envFile ?? [], process.env);
  if (options.build) note('lab: nothing to build: the services run from their sources (docker compose up --build is for containers)');
  const settings = readSettings();
  const system = options.system === undefined ? undefined : systemToRun(options.system);
  const facts = system ? factsOf(system) : orderPipeline(settings);
  const wishes = (options.scale ?? []).map((one) => parseScale(serviceCalled(one, facts), facts.services));
  const scale = new Map(wishes.map(({ service, count }) => [service, count] as const));
  const { stop, hurry } = watchInterrupts();
  const show = (state: LabState): void => (options.json ? printJson<'up'>(state) : summaryLines(state).forEach(print));
  try {
    if (options.isDetached) return await upAsDetached({ settings, system, scale, fresh: options.fresh ?? false, signal: stop, hurry });
    if (!(await findLab(settings.labHome))) {
      await buildPageIfStale((line) => note(`lab: ${line}`));
      if (options.detach) return show(await upDetached(settings.labHome, passedOn(options), note, stop));
      const prefix = linePrefixer();
      // Beside JSON, which is all that stdout has then.
      const say = options.json ? note : print;
      const onLine = (name: string, line: string): void => say(prefix(name, line));
      const onReady = (state: LabState): void => {
        show(state);
        say('Ctrl-C takes everything down');
      };
      await runLab({ settings, system, env: process.env, scale, fresh: options.fresh ?? false, onLine, onReady, signal: stop, hurry });
      if (stop.reason === 'SIGINT') throw interrupted();
      return;
    }
  } catch (error) {
    if (!(error instanceof ReplaygroundError && error.code === 'lab-running')) throw error;
  }
  await joinRunning(settings, facts, scale, options, { show, stop });
}

/** A second `up` in the same home: what it asks for beyond a running lab is done, and nothing else. */
async function joinRunning(
  own: Settings,
  facts: SystemFacts,
  asked: ReadonlyMap<string, number>,
  { fresh }: UpOptions,
  { show, stop }: { show: (state: LabState) => void; stop: AbortSignal },
): Promise<void> {
  const home = own.labHome;
  if (fresh) throw new ReplaygroundError('lab-running', `a lab is running in ${home}: ./lab down first, then ./lab up --fresh`);
  note(`a lab is running in ${home} already`);
  await waitReady(home, note, stop);
  const lab = await findLab(home);
  if (lab && lab.system.folder !== facts.folder) {
    throw new ReplaygroundError(
      'lab-running',
      `the lab in ${home} runs ${lab.system.name}, not ${facts.name}: ./lab down first, or another LAB_HOME`,
    );
  }
  const services = facts.services.map(({ name }) => name);
  if (lab) await takeOver(lab, { own, env: process.env, services, always: true, say: note });
  for (const [service, count] of asked) await lab?.post('/api/scale', { service, count });
  show(await waitReady(home, () => {}, stop));
}

/** The lab that `up --detach` started: it tells its starter over IPC until that one has seen enough. */
async function upAsDetached(options: Omit<LabOptions, 'env' | 'onLine' | 'onReady'>): Promise<void> {
  const tell = (message: UpMessage): void => {
    if (process.connected) process.send?.(message);
  };
  try {
    await runLab({
      ...options,
      env: process.env,
      onLine: (name, text) => name === 'lab' && tell({ type: 'line', text }),
      onReady: (state) => tell({ type: 'ready', state }),
    });
  } catch (error) {
    const { code = 'unexpected', message } = error as ReplaygroundError;
    tell({ type: 'failed', code, message });
    throw error;
  } finally {
    if (process.connected) process.disconnect();
  }
}

/**
 * @returns undefined for the order pipeline
 * @throws ReplaygroundError `bad-system`, `toolchain-missing`
 */
function systemToRun(wanted: string): System | undefined {
  const file = findSystem(wanted);
  if (file === ordersFile) return undefined;
  const system = readSystem(file);
  requirePrograms(system);
  return system;
}

const passedOn = ({ system, scale = [], fresh }: UpOptions): string[] => [
  ...(system === undefined ? [] : ['--system', system]),
  ...scale.flatMap((one) => ['--scale', one]),
  ...(fresh ? ['--fresh'] : []),
];

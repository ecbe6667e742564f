/** `./lab up`: Kafka, topics and services, in this terminal or in the background. */
import { type Command, Option } from 'commander';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { type GroupProtocol, groupProtocols } from '../../../kafka/group-protocol.ts';
import { declarations, type Settings } from '../../../pipeline/settings/declarations.ts';
import { readSettings } from '../../../pipeline/settings/read-settings.ts';
import { findLab } from '../../client/lab-client.ts';
import { takeOver } from '../../client/take-over.ts';
import { detachedOption, type UpMessage, upDetached } from '../../client/up-detached.ts';
import { waitReady } from '../../client/wait-ready.ts';
import { buildPageIfStale } from '../../page/build-page.ts';
import { type ServiceName, serviceNames } from '../../supervisor/service-table.ts';
import { parseScale } from '../../supervisor/service-target.ts';
import { interrupted } from '../../terminal/exit-codes.ts';
import { note, print, printJson, withJson } from '../../terminal/output.ts';
import { runLab } from '../../up/run-lab.ts';
import type { LabState } from '../../wire/lab-state.ts';
import { linePrefixer } from '../console-lines.ts';
import { readEnvFiles } from '../env-files.ts';
import { watchInterrupts } from '../interrupt.ts';
import { summaryLines } from '../lab-summary.ts';
import { serviceCalled } from '../other-service-names.ts';

type UpOptions = {
  detach?: boolean;
  scale?: string[];
  fresh?: boolean;
  envFile?: string[];
  groupProtocol?: GroupProtocol;
  build?: boolean;
  json?: boolean;
  isDetached?: boolean;
};

export function register(program: Command): void {
  withJson(program.command('up'))
    .description('start Kafka, the topics and the services; returns or says ready when all are healthy')
    .option('-d, --detach', 'run in the background')
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
    .addHelpText('after', '\nExample:\n  ./lab up --detach --scale inventory-service=3')
    .action(up);
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];

async function up(options: UpOptions): Promise<void> {
  if (options.groupProtocol) process.env[declarations.groupProtocol.variable] = options.groupProtocol;
  readEnvFiles(options.envFile ?? [], process.env);
  if (options.build) note('lab: nothing to build: the services run from their sources (docker compose up --build is for containers)');
  const settings = readSettings();
  const asked = new Map(
    (options.scale ?? []).map((one) => parseScale(serviceCalled(one))).map(({ service, count }) => [service, count] as const),
  );
  const scale = new Map<ServiceName, number>(serviceNames.map((service) => [service, asked.get(service) ?? 1]));
  const { stop, hurry } = watchInterrupts();
  const show = (state: LabState): void => (options.json ? printJson(state) : summaryLines(state).forEach(print));
  try {
    if (options.isDetached) return await upAsDetached(settings, scale, options.fresh ?? false, { stop, hurry });
    if (!(await findLab(settings.labHome))) {
      await buildPageIfStale((line) => note(`lab: ${line}`));
      if (options.detach) return show(await upDetached(settings.labHome, passedOn(options), note, stop));
      const prefix = linePrefixer();
      const onLine = (name: string, line: string): void => print(prefix(name, line));
      const onReady = (state: LabState): void => {
        show(state);
        print('Ctrl-C takes everything down');
      };
      await runLab({ settings, env: process.env, scale, fresh: options.fresh ?? false, onLine, onReady, signal: stop, hurry });
      if (stop.reason === 'SIGINT') throw interrupted();
      return;
    }
  } catch (error) {
    if (!(error instanceof ReplaygroundError && error.code === 'lab-running')) throw error;
  }
  await joinRunning(settings, asked, options, { show, stop });
}

/** A second `up` in the same home: what it asks for beyond a running lab is done, and nothing else. */
async function joinRunning(
  own: Settings,
  asked: ReadonlyMap<ServiceName, number>,
  { fresh }: UpOptions,
  { show, stop }: { show: (state: LabState) => void; stop: AbortSignal },
): Promise<void> {
  const home = own.labHome;
  if (fresh) throw new ReplaygroundError('lab-running', `a lab is running in ${home}: ./lab down first, then ./lab up --fresh`);
  note(`a lab is running in ${home} already`);
  await waitReady(home, note, stop);
  const lab = await findLab(home);
  if (lab) await takeOver(lab, { own, env: process.env, services: serviceNames, always: true, say: note });
  for (const [service, count] of asked) await lab?.post('/api/scale', { service, count });
  show(await waitReady(home, () => {}, stop));
}

/** The lab that `up --detach` started: it tells its starter over IPC until that one has seen enough. */
async function upAsDetached(
  settings: ReturnType<typeof readSettings>,
  scale: ReadonlyMap<ServiceName, number>,
  fresh: boolean,
  { stop, hurry }: { stop: AbortSignal; hurry: AbortSignal },
): Promise<void> {
  const tell = (message: UpMessage): void => {
    if (process.connected) process.send?.(message);
  };
  try {
    await runLab({
      settings,
      env: process.env,
      scale,
      fresh,
      onLine: (name, text) => name === 'lab' && tell({ type: 'line', text }),
      onReady: (state) => tell({ type: 'ready', state }),
      signal: stop,
      hurry,
    });
  } catch (error) {
    const { code = 'unexpected', message } = error as ReplaygroundError;
    tell({ type: 'failed', code, message });
    throw error;
  } finally {
    if (process.connected) process.disconnect();
  }
}

const passedOn = ({ scale = [], fresh }: UpOptions): string[] => [
  ...scale.flatMap((one) => ['--scale', one]),
  ...(fresh ? ['--fresh'] : []),
];

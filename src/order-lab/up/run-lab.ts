/** Runs one lab from its first port to its last process: what `./lab up` is. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { pino } from 'pino';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { ownHosts } from '../../lab/api/change-guard.ts';
import { pageFolder } from '../../lab/page/page-folder.ts';
import { waitUntilHealthy } from '../../lab/supervisor/all-healthy.ts';
import { createEventLog } from '../../lab/supervisor/event-log.ts';
import { lockHome } from '../../lab/supervisor/home-lock.ts';
import { dataEntries, deleteData } from '../../lab/supervisor/lab-home.ts';
import { labIdOf } from '../../lab/supervisor/lab-id.ts';
import { reachable } from '../../lab/supervisor/lab-ports.ts';
import { endLeftovers } from '../../lab/supervisor/leftovers.ts';
import { logFileOf, openLogFiles } from '../../lab/supervisor/log-files.ts';
import { lastLines, parseLine, readable } from '../../lab/supervisor/log-lines.ts';
import { createSupervisor, type Supervisor } from '../../lab/supervisor/supervisor.ts';
import type { System } from '../../lab/systems/file/read-system.ts';
import { serviceAccess } from '../../pipeline/service/guard-access.ts';
import { listen } from '../../pipeline/service/http-app.ts';
import { type LabFile, removeLabFile, writeLabFile } from '../../pipeline/service/lab-file.ts';
import { declarations, type Settings } from '../../pipeline/settings/declarations.ts';
import { buildControlApi } from '../api/control-api.ts';
import { createDashboard } from '../api/dashboard.ts';
import { describeLab } from '../supervisor/describe-lab.ts';
import { labBroker } from '../supervisor/lab-programs.ts';
import { analyticsPort, type CommandLine, type ServiceName, serviceCommand } from '../supervisor/service-table.ts';
import { settlePorts } from '../supervisor/settle-ports.ts';
import type { LabState } from '../wire/lab-state.ts';
import { runsPipeline, runsSystem } from './what-runs.ts';

export type LabOptions = {
  settings: Settings;
  env: NodeJS.ProcessEnv;
  /** In place of the order pipeline. */
  system?: System | undefined;
  /** How many instances of a service, where it is not what the system begins with. */
  scale: ReadonlyMap<string, number>;
  /** Deletes Kafka's data and the stores of this home first. */
  fresh: boolean;
  /** Takes every line that the services write and, as `lab`, the lab's own. */
  onLine: (name: string, line: string) => void;
  /** Called once, when all are healthy. */
  onReady: (state: LabState) => void;
  /** Takes everything down. */
  signal: AbortSignal;
  /** Ends everything by SIGKILL, for somebody who does not want to wait. */
  hurry: AbortSignal;
  /** Instead of the real services. */
  commandOf?: (service: ServiceName) => CommandLine;
  /** Instead of the topics and settings of a real Kafka. */
  prepare?: (settings: Settings, env: NodeJS.ProcessEnv, say: (line: string) => void) => Promise<void>;
};

/** How long the services may take until all are healthy: a store that is rebuilt from a long log takes its time (ms). */
const healthyDeadlineMs = 120_000;

/**
 * Settles when everything is down again, on `signal` or by the control API.
 * @throws ReplaygroundError `lab-running`, `port-taken`, `not-a-lab`, `broker-failed`, `not-healthy`, `kafka-unreachable`; all is down then
 */
export async function runLab(options: LabOptions): Promise<void> {
  const { settings, env, signal, hurry } = options;
  const { labHome, labHost } = settings;
  await using held = new AsyncDisposableStack();
  const lock = lockHome(labHome);
  if (!lock) throw new ReplaygroundError('lab-running', `a lab is running in ${labHome}`);
  held.use(lock);

  const file = firstFacts(settings);
  const events = createEventLog();
  const logs = held.use(openLogFiles(labHome, options.onLine));
  events.listen(({ service, text }) => logs.write('lab', service === 'lab' ? text : `${service} ${text}`));
  const say = (line: string): void => void events.add('lab', 'lab', line);
  const wanted = (service: string): number => supervisor.views().filter((one) => one.service === service && one.state !== 'stopped').length;
  const shared = { settings, env, file, logs, wanted, say };
  const runs = held.use(
    options.system
      ? runsSystem(options.system, shared)
      : runsPipeline({ ...shared, commandOf: options.commandOf ?? serviceCommand, ...(options.prepare && { prepare: options.prepare }) }),
  );
  const { services } = runs.facts;
  const supervisor = createSupervisor({ broker: labBroker(shared), services, programOf: runs.programOf, events });
  const down = new AbortController();
  let started = false;
  const state = () => describeLab({ file, labHome, system: runs.facts, views: supervisor.views(), started });
  const analyticsUrl = () => `http://${reachable(labHost)}:${analyticsPort(supervisor.views(), file.ports.analytics)}`;
  const dashboard = held.use(
    createDashboard({
      system: runs.facts,
      settings: () => settledSettings(settings, file),
      supervisor,
      events,
      state,
      analyticsUrl,
      host: reachable(labHost),
      env: () => ({ ...env, LAB_HOME: labHome, METRICS_DIR: settings.metricsDir }),
    }),
  );
  const api = await buildControlApi({
    supervisor,
    events,
    state,
    guard: () => ({
      tokens: [file.token, ...(settings.labToken ? [settings.labToken] : [])],
      hosts: ownHosts(labHost, file.ports.lab),
      publicOrigin: settings.labOrigin,
    }),
    hosts: { ...serviceAccess(settings).hosts, publicOrigin: settings.labOrigin },
    analyticsUrl,
    dashboard,
    pageFolder,
    down: () => down.abort('down'),
    logger: pino({ level: 'silent' }),
  });
  held.defer(() => api.close());
  file.ports.lab = await listen(api, { host: labHost, port: settings.labPort, variable: 'LAB_PORT' });
  file.url = `http://${reachable(labHost)}:${file.ports.lab}`;

  await endLeftovers(labHome, say);
  if (options.fresh) for (const path of await deleteData(labHome, dataEntries)) say(`deleted ${path}`);
  Object.assign(file.ports, await settlePorts(settings, options.system === undefined));
  writeLabFile(labHome, file);
  held.defer(() => removeLabFile(labHome));

  const stopped = AbortSignal.any([signal, down.signal]);
  hurry.addEventListener('abort', () => supervisor.killAll());
  held.defer(async () => {
    say('stopping');
    await supervisor.stopAll();
  });
  await unlessStopped(stopped, async () => {
    await runs.setUp(stopped);
    await supervisor.startBroker();
    file.brokers = settings.kafkaBrokers ?? `127.0.0.1:${file.ports.kafka}`;
    writeLabFile(labHome, file);
    await runs.prepare({ ...settings, kafkaBrokers: file.brokers });
    if (stopped.aborted) return;
    dashboard.observe();
    supervisor.startServices(new Map([...runs.start, ...options.scale]));
    await requireHealthy(supervisor, labHome, stopped);
    started = true;
    if (!stopped.aborted) options.onReady(await state());
  });
  if (!stopped.aborted) await once(stopped, 'abort');
}

/** What the lab knows about itself before anything runs; filled in as it comes up. */
function firstFacts(settings: Settings): LabFile {
  const { labHome, labPort, orderServicePort, analyticsServicePort } = settings;
  const { ordersTopic, inventoryTopic, inventoryGroupId, analyticsGroupId, notificationsTopic, notificationGroupId } = settings;
  return {
    labId: labIdOf(labHome),
    pid: process.pid,
    url: 'http://127.0.0.1',
    ports: { lab: labPort, orders: orderServicePort, analytics: analyticsServicePort, kafka: null },
    brokers: null,
    names: { ordersTopic, inventoryTopic, inventoryGroupId, analyticsGroupId, notificationsTopic, notificationGroupId },
    settings: withoutSecrets(settings),
    token: settings.labToken ?? randomBytes(24).toString('base64url'),
    startedAt: new Date().toISOString(),
  };
}

function withoutSecrets(settings: Settings): Partial<Settings> {
  const secret = Object.entries(declarations).flatMap(([name, declaration]) => (declaration.secret ? [name] : []));
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !secret.includes(name)));
}

/** The settings with the real addresses, for whoever talks to Kafka on the lab's behalf. */
function settledSettings(settings: Settings, { brokers, ports }: LabFile): Settings {
  return {
    ...settings,
    kafkaBrokers: settings.kafkaBrokers ?? brokers ?? undefined,
    kafkaPort: ports.kafka ?? settings.kafkaPort,
    labPort: ports.lab,
    orderServicePort: ports.orders,
    analyticsServicePort: ports.analytics,
  };
}

/** A start that is called off ends in whatever error the step at hand gives: that is not news. */
async function unlessStopped(stopped: AbortSignal, bringUp: () => Promise<void>): Promise<void> {
  const called = stopped.aborted ? Promise.resolve() : once(stopped, 'abort');
  const coming = bringUp();
  coming.catch(() => {});
  await Promise.race([coming, called]);
}

async function requireHealthy(supervisor: Supervisor, labHome: string, stopped: AbortSignal): Promise<void> {
  const sick = await waitUntilHealthy(supervisor.views, healthyDeadlineMs, stopped);
  if (sick.length === 0) return;
  const reports = sick.map(async ({ name, state, detail }) => {
    const { lines } = await lastLines(logFileOf(labHome, name), 5);
    const log = lines.map((line) => `\n    ${readable(parseLine(line).text)}`).join('');
    return `\n  ${name} is ${state}${detail ? `: ${detail}` : ''}${log || '\n    (it wrote nothing)'}`;
  });
  throw new ReplaygroundError('not-healthy', `the lab did not get healthy, so it was stopped:${(await Promise.all(reports)).join('')}`);
}

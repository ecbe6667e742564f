/** Finds the lab that runs in a LAB_HOME and calls its control API. */
import { ReplaygroundError } from '../../kafka/errors.ts';
import { reachable } from '../../lab/supervisor/lab-ports.ts';
import type { SystemFacts } from '../../lab/wire/system-facts.ts';
import { type LabFile, readLabFile } from '../../pipeline/service/lab-file.ts';
import { declarations, type SettingName, type Settings } from '../../pipeline/settings/declarations.ts';
import { isSet, namedBy } from '../../pipeline/settings/read-settings.ts';
import { runtimeSettings } from '../supervisor/named-settings.ts';
import { orderPipeline } from '../supervisor/service-table.ts';
import { lookAtSettings } from '../watch/ask-services.ts';
import type { GroupView, Snapshot } from '../wire/all.ts';
import type { LabState } from '../wire/lab-state.ts';
import { differences, differencesText, securitySettings } from './given-settings.ts';
import { requirePipeline } from './require-pipeline.ts';

export type LabClient = {
  file: LabFile;
  /** What it runs. */
  system: SystemFacts;
  /** Processes, ports, health. */
  state(): Promise<LabState>;
  /** The groups as the page shows them: a small part of the snapshot, which has the curves of a quarter of an hour. */
  groups(): Promise<GroupView[]>;
  /** All that the page begins with. */
  snapshot(): Promise<Snapshot>;
  /**
   * A changing call, with the lab's token.
   * @param path `/api/services/analytics-service/stop`
   * @throws ReplaygroundError `lab-refused` with the detail of the API's answer
   */
  post<T = unknown>(path: string, body?: object): Promise<T>;
};

/** How long a call may take: `stop` waits for a process to end (ms). */
const callTimeoutMs = 60_000;

/** How long the lab may take to say that it is there (ms). */
const helloTimeoutMs = 5000;

/** @returns the lab that runs in this home, or `undefined` */
export async function findLab(home: string): Promise<LabClient | undefined> {
  const file = readLabFile(home);
  if (!file) return undefined;
  try {
    const { labId, system } = (await call(file, 'GET', '/api/lab', undefined, helloTimeoutMs)) as LabState;
    // The port may belong to the lab of another home by now.
    return labId === file.labId ? clientOf(file, system) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @returns the lab that runs in this home
 * @throws ReplaygroundError `lab-not-running`
 */
export async function requireLab(home: string): Promise<LabClient> {
  const lab = await findLab(home);
  if (!lab) throw new ReplaygroundError('lab-not-running', `no lab is running in ${home}: start one with ./lab up`);
  return lab;
}

/**
 * For verbs about services: what is typed is checked against what runs, and against the order pipeline where nothing does.
 * @returns the lab, where one runs in that home, and its system
 */
export async function labWithSystem(own: Settings): Promise<{ lab: LabClient | undefined; system: SystemFacts }> {
  const lab = await findLab(own.labHome);
  return { lab, system: lab?.system ?? orderPipeline(own) };
}

/**
 * @param own settings of the verb
 * @param env where they come from
 * @param obeyed settings by which the verb itself goes
 * @returns the lab that runs there, and by the settings that are given
 * @throws ReplaygroundError `lab-not-running`, `bad-setting`
 */
export async function requireLabAsGiven(
  own: Settings,
  env: NodeJS.ProcessEnv = process.env,
  obeyed: readonly SettingName[] = [],
): Promise<LabClient> {
  const lab = await requireLab(own.labHome);
  await refuseOthers(lab, own, env, obeyed);
  return lab;
}

/** @throws ReplaygroundError `bad-setting` with both values where the environment names a setting that the lab does not run by */
export async function refuseOthers(
  lab: LabClient,
  own: Settings,
  env: NodeJS.ProcessEnv,
  obeyed: readonly SettingName[] = [],
): Promise<void> {
  const found = differences(own, env, lab.file, obeyed);
  const now = found.some(({ name }) => name in runtimeSettings) ? await runtimeNow(lab) : {};
  // What was changed since by ./lab set is what it runs by.
  const left = found.flatMap((one) => (now[one.name] === own[one.name] ? [] : [{ ...one, inForce: String(now[one.name] ?? one.inForce) }]));
  const names = Object.keys(declarations) as SettingName[];
  // One name for the throttles of both services is right where one of them works by it.
  const halfRight = (variable: string) => names.some((name) => namedBy(name, env) === variable && left.every((one) => one.name !== name));
  const wrong = left.filter(({ name, variable }) => variable !== declarations[name].fallback || !halfRight(variable));
  if (wrong.length > 0) throw new ReplaygroundError('bad-setting', differencesText(wrong, own.labHome));
}

async function runtimeNow({ file, state }: LabClient): Promise<Partial<Record<SettingName, number | null>>> {
  const inForce = await lookAtSettings((await state()).processes, reachable(new URL(file.url).hostname));
  return Object.fromEntries(
    Object.entries(runtimeSettings).map(([name, { service, key }]) => [name, inForce[service].inForce?.[key] ?? null]),
  );
}

/** The running lab's real addresses and names, and the system that they belong to. */
export type InForce = { settings: Settings; system: SystemFacts };

/**
 * As `settingsInForce`, for what is about orders.
 * @throws ReplaygroundError those of `settingsInForce`, and `other-system`
 */
export async function settingsOfRunningLab(
  settings: Settings,
  env: NodeJS.ProcessEnv = process.env,
  obeyed: readonly SettingName[] = [],
): Promise<Settings> {
  const { settings: inForce, system } = await settingsInForce(settings, env, obeyed);
  requirePipeline(system, 'what is asked for');
  return inForce;
}

/**
 * For verbs that talk to Kafka or to a service: the running lab's real addresses and names. Without a lab, `KAFKA_BROKERS` will do, for the order
 * pipeline.
 * @param settings of the verb
 * @param env where they come from: what it names must be what the lab runs by
 * @param obeyed settings by which the verb itself goes, besides how to talk to Kafka
 * @throws ReplaygroundError `lab-not-running` when there is neither, `bad-setting`
 */
export async function settingsInForce(
  settings: Settings,
  env: NodeJS.ProcessEnv = process.env,
  obeyed: readonly SettingName[] = [],
): Promise<InForce> {
  const lab = await findLab(settings.labHome);
  if (lab) await refuseOthers(lab, settings, env, [...securitySettings, ...obeyed]);
  if (!lab && settings.kafkaBrokers) return { settings, system: orderPipeline(settings) };
  const { file, system } = lab ?? (await requireLab(settings.labHome));
  const { ports, brokers, names, settings: ofLab } = file;
  if (!brokers)
    throw new ReplaygroundError('lab-starting', 'the lab is still starting its Kafka: try again in a moment', { retriable: true });
  const inForce = {
    ...settings,
    ...names,
    metricsDir: isSet('metricsDir', env) ? settings.metricsDir : (ofLab.metricsDir ?? settings.metricsDir),
    kafkaBrokers: brokers,
    kafkaPort: ports.kafka ?? settings.kafkaPort,
    labPort: ports.lab,
    orderServicePort: ports.orders,
    analyticsServicePort: ports.analytics,
  };
  return { settings: inForce, system };
}

function clientOf(file: LabFile, system: SystemFacts): LabClient {
  return {
    file,
    system,
    state: async () => (await call(file, 'GET', '/api/lab')) as LabState,
    groups: async () => (await call(file, 'GET', '/api/groups')) as GroupView[],
    snapshot: async () => (await call(file, 'GET', '/api/snapshot')) as Snapshot,
    post: async <T>(path: string, body: object = {}) => (await call(file, 'POST', path, body)) as T,
  };
}

async function call({ url, token }: LabFile, method: string, path: string, body?: object, timeoutMs = callTimeoutMs): Promise<unknown> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const answer = (await response.json().catch(() => ({}))) as { detail?: string; title?: string };
  if (!response.ok) throw new ReplaygroundError('lab-refused', answer.detail ?? answer.title ?? `the lab answered ${response.status}`);
  return answer;
}

/** Finds the lab that runs in a LAB_HOME and calls its control API. */
import { ReplaygroundError } from '../errors.ts';
import { type LabFile, readLabFile } from '../lab/lab-file.ts';
import type { LabState } from '../lab/lab-state.ts';
import type { Settings } from '../settings/declarations.ts';

export type LabClient = {
  file: LabFile;
  /** Processes, ports, health. */
  state(): Promise<LabState>;
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
  const client = clientOf(file);
  try {
    const state = (await call(file, 'GET', '/api/lab', undefined, helloTimeoutMs)) as LabState;
    // The port may belong to the lab of another home by now.
    return state.labId === file.labId ? client : undefined;
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
 * For verbs that talk to Kafka or to a service: the running lab's real addresses and names, whatever the environment says.
 * Without a lab, `KAFKA_BROKERS` will do.
 * @throws ReplaygroundError `lab-not-running` when there is neither
 */
export async function settingsOfRunningLab(settings: Settings): Promise<Settings> {
  const lab = await findLab(settings.labHome);
  if (!lab && settings.kafkaBrokers) return settings;
  const { ports, brokers, names } = (lab ?? (await requireLab(settings.labHome))).file;
  if (!brokers)
    throw new ReplaygroundError('lab-starting', 'the lab is still starting its Kafka: try again in a moment', { retriable: true });
  return {
    ...settings,
    ...names,
    kafkaBrokers: brokers,
    kafkaPort: ports.kafka ?? settings.kafkaPort,
    labPort: ports.lab,
    orderServicePort: ports.orders,
    analyticsServicePort: ports.analytics,
  };
}

function clientOf(file: LabFile): LabClient {
  return {
    file,
    state: async () => (await call(file, 'GET', '/api/lab')) as LabState,
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

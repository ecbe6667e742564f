/** What the services themselves tell: analytics its metrics, every instance the settings it goes by and what it has in its hands. */
import type { UnderWay } from '../../kafka/consumer/owned-partitions.ts';
import type { WorkerFigures } from '../../kafka/consumer/worker-figures.ts';
import { partitionKey } from '../../kafka/partition.ts';
import type { Metrics, ProcessView, RuntimeValues, ServiceSettings, SettableService, SetValues } from '../wire/all.ts';

const timeoutMs = 2000;

/** @throws when analytics-service does not answer, or answers that Kafka is away */
export async function lookAtMetrics(url: string): Promise<Metrics> {
  const response = await fetch(`${url}/metrics`, { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`analytics-service answers ${response.status}`);
  return (await response.json()) as Metrics;
}

type Health = {
  underWay?: UnderWay[];
  notes?: string[];
  settings?: Partial<RuntimeValues>;
  overrides?: SetValues;
  endToEndMs?: number | null;
  figures?: WorkerFigures;
};

async function healthOf(url: string): Promise<Health | undefined> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(timeoutMs) });
    return (await response.json()) as Health;
  } catch {
    return undefined;
  }
}

type Instance = Pick<ProcessView, 'name' | 'service' | 'state' | 'port'>;

/** What the instances of the services tell of themselves. */
export type InstancesTold = {
  settings: Record<SettableService, ServiceSettings>;
  /** Of the workers of a share group, by the name of the process. */
  workers: ReadonlyMap<string, WorkerFigures>;
  /** Records that are read and not committed, by service, then `partitionKey`. */
  hands: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** From accepted to visible of the last orders (ms), as the first instance of analytics-service measures it; null where it does not tell. */
  endToEndMs: number | null;
};

/**
 * @param host where the instances listen
 * @returns what is in force in each service, as its instances tell
 */
export const lookAtSettings = async (instances: readonly Instance[], host: string): Promise<InstancesTold['settings']> =>
  (await askInstances(instances, host)).settings;

/** As `lookAtSettings`, and what else they tell. */
export async function askInstances(instances: readonly Instance[], host: string): Promise<InstancesTold> {
  const told = await Promise.all(
    instances
      .filter(({ state, port }) => port !== null && (state === 'healthy' || state === 'unhealthy'))
      .map(async ({ name, service, port }) => ({ name, service, health: await healthOf(`http://${host}:${port}`) })),
  );
  const of = (service: SettableService): ServiceSettings => {
    const values = told.flatMap((one) => (one.service === service && one.health ? (settingsOf(one.health) ?? []) : []));
    return {
      ...agreed(values.map(({ inForce, set }) => ({ inForce, set }))),
      // Instances of a group may know the same.
      notes: [...new Set(values.flatMap(({ notes }) => notes))],
    };
  };
  return {
    settings: {
      'inventory-service': of('inventory-service'),
      'analytics-service': of('analytics-service'),
      'notification-service': of('notification-service'),
    },
    workers: new Map(told.flatMap(({ name, health }) => (health?.figures ? [[name, health.figures] as const] : []))),
    hands: handsOf(told),
    endToEndMs: told.find(({ service }) => service === 'analytics-service')?.health?.endToEndMs ?? null,
  };
}

function handsOf(told: readonly { service: string; health: Health | undefined }[]): InstancesTold['hands'] {
  const found = new Map<string, Map<string, number>>();
  for (const { service, health } of told) {
    const known = found.get(service) ?? new Map<string, number>();
    for (const one of health?.underWay ?? []) known.set(partitionKey(one), one.fetched - one.committed);
    found.set(service, known);
  }
  return found;
}

type Told = Pick<ServiceSettings, 'inForce' | 'set' | 'notes'>;
type Values = Pick<Told, 'inForce' | 'set'>;

/** @returns what the first says, and whether the others say the same */
export function agreed(values: readonly Values[]): Omit<ServiceSettings, 'notes'> {
  const [first = { inForce: null, set: {} }] = values;
  return { ...first, everywhere: values.every((one) => JSON.stringify(one) === JSON.stringify(first)) };
}

function settingsOf({ settings, overrides: set = {}, notes = [] }: Health): Told | undefined {
  if (!settings) return undefined;
  const { throttleMs = 0, failRate = null, rejectRate, paused = false } = settings;
  return { inForce: { throttleMs, failRate, ...(rejectRate !== undefined && { rejectRate }), paused }, set, notes };
}

/** What the steps of a scenario work with: the lab under test, ways to ask its Kafka, and where the run began. */

import { clientConfig } from '../../kafka/client-config.ts';
import type { ClientConfig } from '../../kafka/connect.ts';
import { ReplaygroundError } from '../../kafka/errors.ts';
import { KafkaInspector } from '../../kafka/inspector.ts';
import { deadLetterTopic } from '../../kafka/side-topics.ts';
import type { GroupTopics } from '../../kafka/wait-drained.ts';
import type { Metrics } from '../../pipeline/analytics/metrics.ts';
import type { Settings } from '../../pipeline/settings/declarations.ts';
import type { Cluster } from '../broker/start-cluster.ts';
import { fetchMetrics } from '../client/analytics-client.ts';
import { type LabClient, requireLab, settingsOfRunningLab } from '../client/lab-client.ts';
import { interrupted } from '../terminal/exit-codes.ts';
import type { Consumer, LabSteps } from './lab-steps.ts';
import type { Recorder } from './recorder.ts';
import type { Sampler } from './sampler.ts';

/** Where the run began: what there was before it is not its own. */
export type Baseline = { metrics: Metrics /** End of each partition, by `topic/partition`. */; ends: Map<string, number>; atMs: number };

/** One running lab. A new one after the lab was started again: its ports may be others. */
export type Connection = {
  settings: Settings;
  config: ClientConfig;
  inspector: KafkaInspector;
  client: LabClient;
  analyticsUrl: string;
  ordersUrl: string;
};

export type Rig = {
  lab: Connection;
  recorder: Recorder;
  sampler: Sampler;
  baseline: Baseline;
  /** Where the report and its files go. */
  folder: string;
  /** Aborted by Ctrl-C and at the end of the scenario: every wait ends. */
  signal: AbortSignal;
  /** Undefined where the lab has its own broker, or somebody else's. */
  cluster: Cluster | undefined;
  /** Undefined for a lab that is somebody else's. */
  restartLab: ((environment: Record<string, string>) => Promise<Connection>) | undefined;
};

/**
 * @param own settings of the lab, as its own environment says
 * @param env that environment
 * @returns a way to the lab that runs there
 * @throws ReplaygroundError `lab-not-running`, `bad-setting`
 */
export async function connectLab(own: Settings, env: NodeJS.ProcessEnv): Promise<Connection> {
  const client = await requireLab(own.labHome);
  const settings = await settingsOfRunningLab(own, env, ['metricsDir']);
  const config = clientConfig(settings, 'scenario');
  const { urls } = await client.state();
  return { settings, config, inspector: new KafkaInspector(config), client, analyticsUrl: urls.analytics, ordersUrl: urls.orders };
}

/** @returns the consumer group of a service, and what it reads */
export function groupOf({ settings }: Pick<Connection, 'settings'>, service: Consumer): GroupTopics {
  const { inventoryGroupId, analyticsGroupId, ordersTopic, inventoryTopic } = settings;
  return service === 'inventory-service'
    ? { group: inventoryGroupId, topics: [ordersTopic] }
    : { group: analyticsGroupId, topics: [ordersTopic, inventoryTopic] };
}

export const consumers: readonly Consumer[] = ['inventory-service', 'analytics-service'];

/** @returns topics and groups by what they are for */
export function namesIn({ ordersTopic, inventoryTopic, inventoryGroupId, analyticsGroupId }: Settings): LabSteps['names'] {
  return {
    orders: ordersTopic,
    inventory: inventoryTopic,
    ordersDlq: deadLetterTopic(ordersTopic),
    inventoryDlq: deadLetterTopic(inventoryTopic),
    inventoryGroup: inventoryGroupId,
    analyticsGroup: analyticsGroupId,
  };
}

/** @returns where every topic of this Kafka ends now, and what analytics has counted */
export async function readBaseline({ inspector, analyticsUrl }: Connection): Promise<Baseline> {
  // Those of other programs too: a scenario may read any topic, and what comes to be later begins at 0.
  const partitions = await inspector.ask('partitionsOf', await inspector.ask('listTopics'));
  const ends = await inspector.ask('offsets', partitions, 'latest');
  return {
    metrics: await fetchMetrics(analyticsUrl),
    ends: new Map(ends.map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset ?? 0])),
    atMs: Date.now(),
  };
}

/** @throws ReplaygroundError `interrupted` once the run was called off */
export function goOn({ signal }: Pick<Rig, 'signal'>): void {
  if (signal.aborted) throw interrupted();
}

/**
 * For steps that would take something away from a lab that is somebody else's.
 * @returns how to start the lab again
 * @throws ReplaygroundError `needs-own-lab`
 */
export function requireOwnLab({ restartLab }: Pick<Rig, 'restartLab'>): NonNullable<Rig['restartLab']> {
  if (restartLab) return restartLab;
  throw new ReplaygroundError('needs-own-lab', 'this step needs a lab of its own: run the scenario without --here');
}

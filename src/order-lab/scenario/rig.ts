/** What the steps of a scenario work with: the lab under test, ways to ask its Kafka, and where the run began. */

import { ReplaygroundError } from '../../kafka/errors.ts';
import type { Cluster } from '../../lab/broker/start-cluster.ts';
import { interrupted } from '../../lab/terminal/exit-codes.ts';
import type { Metrics } from '../../pipeline/analytics/metrics.ts';
import { fetchMetrics } from '../client/analytics-client.ts';
import type { Connection } from './connection.ts';
import type { Recorder } from './recorder.ts';
import type { Sampler } from './sampler.ts';

/** Where the run began: what there was before it is not its own. */
export type Baseline = { metrics: Metrics /** End of each partition, by `topic/partition`. */; ends: Map<string, number>; atMs: number };

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

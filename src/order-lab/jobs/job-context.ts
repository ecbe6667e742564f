/** What every job of the worker gets. A job is one errand to Kafka, run in a process that may crash without harm to the lab. */
import type { ClientConfig } from '../../kafka/client/connect.ts';
import type { KafkaInspector } from '../../kafka/groups/inspector.ts';
import type { Settings } from '../../pipeline/settings/declarations.ts';

export type JobContext = {
  /** With the addresses that the lab settled. */
  settings: Settings;
  config: ClientConfig;
  inspector: KafkaInspector;
  signal: AbortSignal;
  /** How far it is; what that means is the job's. */
  progress: (done: number) => void;
};

/** What every benchmark is given. */
import type { IAdminClient } from '@confluentinc/kafka-javascript/types/rdkafka.js';

export type Bench = {
  /** `host:port` of the broker that all contenders use. */
  brokers: string;
  admin: IAdminClient;
  /** Folder for the state and the logs of the runs. */
  home: string;
  /** Orders of one run. */
  orders: number;
  /** Runs of each contender. */
  rounds: number;
  /** Stream threads of the Kafka Streams peer. */
  peerThreads: number;
  /** Progress, for people. */
  say(line: string): void;
};

/** What every part of the benchmark is given. */
import type { IAdminClient } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { Sizes } from './sizes.ts';

export type Bench = {
  /** `host:port` of the broker that all contenders use. */
  brokers: string;
  admin: IAdminClient;
  /** Folder for the state and the logs of the runs. */
  home: string;
  sizes: Sizes;
  /** Runs of each contender that count. */
  rounds: number;
  /** Whether a round that does not count goes before. */
  warmUp: boolean;
  /** Runs when the group of parts is over, also after an error or Ctrl-C. */
  defer(cleanUp: () => Promise<void>): void;
  /** Progress, for people. */
  say(line: string): void;
};

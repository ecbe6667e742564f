/** What a crash test is asked for. */
import type { Settings } from '../../pipeline/settings/declarations.ts';
import type { System } from '../systems/read-system.ts';
import type { FaultKind } from './fault.ts';

export type CrashTestOptions = {
  system: System;
  minutes: number;
  seed: string;
  brokers: 1 | 3;
  /** Which faults; all by default. */
  kinds?: readonly FaultKind[];
  /** How to reach a Kafka that is there already (`kafkaBrokers`); by default one is started. */
  theirs?: Settings | undefined;
  /** Gets the logs of the processes. */
  folder: string;
  say: (line: string) => void;
  signal: AbortSignal;
};

/** What a crash test is asked for. */
import type { Settings } from '../../pipeline/settings/declarations.ts';
import type { System } from '../systems/file/read-system.ts';
import type { LiveFeed } from '../watch/live-feed.ts';
import type { Snapshot } from '../wire/all.ts';
import type { FaultKind } from './faults/fault.ts';

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
  /** Shows it on a page while it goes on. */
  page?: ((run: { feed: LiveFeed; snapshot: () => Promise<Snapshot> }) => Promise<AsyncDisposable & { url: string }>) | undefined;
  say: (line: string) => void;
  signal: AbortSignal;
};

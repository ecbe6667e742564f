/** What the control API tells about a lab: shared by the supervisor, the CLI and the dashboard. */

import type { SystemFacts } from './system-facts.ts';

/**
 * `restarting`: waits for its next start after a crash. `crashed`: is not started again, since that cannot help.
 */
export type ProcessPhase = 'starting' | 'healthy' | 'unhealthy' | 'stopping' | 'stopped' | 'restarting' | 'crashed';

export type ProcessView = {
  /** `kafka`, `order-service`, `analytics-service`, `inventory-service.1`, ... */
  name: string;
  /** The same without the number of the instance. */
  service: string;
  state: ProcessPhase;
  pid: number | null;
  port: number | null;
  /** Starts after a crash; starts that somebody asked for do not count. */
  restarts: number;
  /** When it came into this state, RFC 3339. */
  since: string;
  /** Resident memory. */
  rssBytes: number | null;
  /** Why it is in this state, or `null`: `exit code 1, next start in 1.6 s`. */
  detail: string | null;
};

export type LabState = {
  labId: string;
  labHome: string;
  pid: number;
  startedAt: string;
  /** Whether every process that should run is healthy. */
  ready: boolean;
  /** `host:port[,host:port]`; `null` until the lab's own broker is up. */
  brokers: string | null;
  system: SystemFacts;
  /** `orders` and `analytics` of the order pipeline only. */
  urls: { lab: string; orders?: string; analytics?: string };
  /** Resident memory of the supervisor and everything it runs. */
  rssBytes: number;
  processes: ProcessView[];
};

export type LabEvent = {
  /** Grows by one with each event. */
  id: number;
  /** RFC 3339. */
  at: string;
  kind: 'state' | 'scale' | 'lab';
  /** Name of the process, or `lab`. */
  service: string;
  text: string;
};

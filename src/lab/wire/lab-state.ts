/** What the control API tells about a lab: shared by the supervisor, the CLI and the dashboard. */
import Type, { type Static } from 'typebox';
import { nullable, time } from './schema-parts.ts';
import { SystemFacts } from './system-facts.ts';

export const ProcessPhase = Type.Enum(['starting', 'healthy', 'unhealthy', 'stopping', 'stopped', 'restarting', 'crashed'], {
  description: 'restarting: waits for its next start after a crash; crashed: is not started again, since that cannot help',
});
export type ProcessPhase = Static<typeof ProcessPhase>;

export const ProcessView = Type.Object({
  name: Type.String({ description: 'kafka, or a service, with the number of its instance where it can have several' }),
  service: Type.String({ description: 'the same without the number of the instance' }),
  state: ProcessPhase,
  pid: nullable(Type.Integer()),
  port: nullable(Type.Integer()),
  restarts: Type.Integer({ description: 'starts after a crash; starts that somebody asked for do not count' }),
  since: time('when it came into this state'),
  rssBytes: nullable(Type.Integer(), 'resident memory'),
  detail: nullable(Type.String(), 'why it is in this state: exit code 1, next start in 1.6 s'),
});
export type ProcessView = Static<typeof ProcessView>;

export const LabState = Type.Object({
  labId: Type.String(),
  labHome: Type.String({ description: 'LAB_HOME' }),
  pid: Type.Integer({ description: 'of the supervisor' }),
  startedAt: time(),
  ready: Type.Boolean({ description: 'whether every process that should run is healthy' }),
  brokers: nullable(Type.String(), 'host:port[,host:port] of Kafka; null until the broker of the lab is up'),
  system: SystemFacts,
  urls: Type.Object({ lab: Type.String() }),
  rssBytes: Type.Integer({ description: 'resident memory of the supervisor and everything it runs' }),
  processes: Type.Array(ProcessView),
});
export type LabState = Static<typeof LabState>;

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

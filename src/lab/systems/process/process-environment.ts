/** All that a process of a system gets from the lab: where Kafka is, who it is, a folder of its own, and a port where it asks for one. Pure. */
import { wantsPort } from '../file/check-system.ts';
import type { ServiceFile } from '../file/system-schema.ts';

export type ProcessFacts = {
  brokers: string;
  service: string;
  /** From 1, the same in each life. */
  instance: number;
  /** Its own, kept over restarts. */
  stateDir: string;
  port: number | undefined;
  path: string;
  home: string | undefined;
  /** What it takes to be let in by a Kafka that is not the lab's own. */
  access?: Readonly<Record<string, string>>;
};

/** What `env` and `command` may hold beside the names of topics and groups: what differs from process to process. */
const placeholder = /\{(instance|state|port)\}/g;

type OwnFacts = Pick<ProcessFacts, 'instance' | 'stateDir' | 'port'>;

/** @returns a text of `env` or `command` with the process's own number, folder and port in it */
const filled = (text: string, { instance, stateDir, port }: OwnFacts): string =>
  text.replace(placeholder, (_, name: 'instance' | 'state' | 'port') => String({ instance, state: stateDir, port: port ?? '' }[name]));

/** @returns the command of one process */
export const processCommand = ({ command }: Pick<ServiceFile, 'command'>, facts: OwnFacts): string[] =>
  command.map((text) => filled(text, facts));

/** @returns the whole environment; what `env` in system.yaml says comes last */
export function processEnvironment(file: ServiceFile, facts: ProcessFacts): Record<string, string> {
  const { brokers, service, instance, stateDir, port, path, home, access } = facts;
  return {
    PATH: path,
    ...(home !== undefined && { HOME: home }),
    KAFKA_BROKERS: brokers,
    ...access,
    LAB_SERVICE: service,
    LAB_INSTANCE: String(instance),
    LAB_STATE_DIR: stateDir,
    ...(wantsPort(file) && port !== undefined && { PORT: String(port) }),
    ...Object.fromEntries(Object.entries(file.env ?? {}).map(([name, value]) => [name, filled(String(value), facts)])),
  };
}

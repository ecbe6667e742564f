/** The names by which a system goes on a Kafka where others work too: its own with a prefix, wherever its processes take them from the lab. Pure. */
import type { LedgerFile, ServiceFile, SystemFile } from './system-schema.ts';

/** What `env` and `command` may hold, to be told the real names. */
const placeholder = /\{topic:([^{}]*)\}|\{group\}/g;

export type Placed<S extends SystemFile> = {
  /** With real names in the place of its own, and of what stands for them. */
  system: S;
  /** Topics and groups that keep their names, since a process of it knows them by these. */
  fixed: { topics: string[]; groups: string[] };
};

/** @returns the topics that a service asks for, and whether it asks for its group */
export function askedNames({ command, env = {} }: Pick<ServiceFile, 'command' | 'env'>): { topics: string[]; group: boolean } {
  const found = [...command, ...Object.values(env).map(String)].flatMap((text) => [...text.matchAll(placeholder)]);
  return {
    topics: found.flatMap(([, topic]) => (topic === undefined ? [] : [topic])),
    group: found.some(([text]) => text === '{group}'),
  };
}

/** @returns the name of the group by which a service reads, of whichever kind */
export const groupNameOf = (service: Pick<ServiceFile, 'group' | 'share-group'>): string | undefined =>
  service.group ?? service['share-group'];

/**
 * @param system as its file says it
 * @param prefix put in front of each topic and group whose name every process that has to do with it gets from the lab; may be empty
 */
export function placeSystem<S extends SystemFile>(system: S, prefix: string): Placed<S> {
  const services = Object.values(system.services);
  const topics = Object.keys(system.topics);
  const names = ({ reads = [], writes = [] }: ServiceFile, topic: string): boolean => [...reads, ...writes].includes(topic);
  const asks = (service: ServiceFile, topic: string): boolean => askedNames(service).topics.includes(topic);
  const movable = new Set(
    topics.filter(
      (topic) =>
        services.some((service) => asks(service, topic)) && services.every((service) => !names(service, topic) || asks(service, topic)),
    ),
  );
  const groups = [...new Set(services.flatMap((service) => groupNameOf(service) ?? []))];
  const movableGroups = new Set(groups.filter((group) => services.every((one) => groupNameOf(one) !== group || askedNames(one).group)));
  const topicName = (topic: string): string => (movable.has(topic) ? prefix + topic : topic);
  const groupName = (group: string): string => (movableGroups.has(group) ? prefix + group : group);
  return {
    system: {
      ...system,
      topics: mapKeys(system.topics, topicName),
      services: Object.fromEntries(
        Object.entries(system.services).map(([name, service]) => [name, placedService(service, topicName, groupName)]),
      ),
      ledger: system.ledger.map((ledger) => placedLedger(ledger, topicName)),
      load: { ...system.load, ...(system.load.topic !== undefined && { topic: topicName(system.load.topic) }) },
      ...(system.settings !== undefined && { settings: topicName(system.settings) }),
    },
    fixed: { topics: topics.filter((topic) => !movable.has(topic)), groups: groups.filter((group) => !movableGroups.has(group)) },
  };
}

type Rename = (name: string) => string;

function placedService(service: ServiceFile, topicName: Rename, groupName: Rename): ServiceFile {
  const { command, env, group, 'share-group': shareGroup, reads, writes } = service;
  const filled = (text: string): string =>
    text.replace(placeholder, (_, topic?: string) => (topic === undefined ? groupName(groupNameOf(service) ?? '') : topicName(topic)));
  return {
    ...service,
    command: command.map(filled),
    ...(env && { env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(String(value))])) }),
    ...(group !== undefined && { group: groupName(group) }),
    ...(shareGroup !== undefined && { 'share-group': groupName(shareGroup) }),
    ...(reads && { reads: reads.map(topicName) }),
    ...(writes && { writes: writes.map(topicName) }),
  };
}

const placedLedger = (ledger: LedgerFile, topicName: Rename): LedgerFile => ({
  ...ledger,
  from: topicName(ledger.from),
  to: topicName(ledger.to),
  ...(ledger['dead-letters'] && { 'dead-letters': ledger['dead-letters'].map(topicName) }),
});

const mapKeys = <T>(values: Record<string, T>, rename: Rename): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [rename(name), value]));

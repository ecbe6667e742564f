/** What a schema cannot see: topics, services and files of a system that are named, but are not there. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { askedNames, groupNameOf } from './place-system.ts';
import type { Problem } from './schema-problems.ts';
import type { ServiceFile, SystemFile } from './system-schema.ts';

/**
 * @param system fits the schema
 * @param folder where its files are
 * @returns everything else that is wrong with it
 */
export function systemProblems(system: SystemFile, folder: string): Problem[] {
  const unknown = topicProblems(system);
  return [
    ...Object.entries(system.services).flatMap(([name, service]) => serviceProblems(name, service, folder)),
    ...Object.entries(system.services).flatMap(([name, service]) => placeholderProblems(name, service, system)),
    ...(unknown.length > 0 ? unknown : readerProblems(system)),
    ...loadProblems(system, folder),
    ...(system.figures ?? []).flatMap((figure, index) => portProblems(figure, system, ['figures', index])),
    ...settingsProblems(system),
    ...replayProblems(system),
  ];
}

/** @returns whether each of its processes gets a port */
export const wantsPort = ({ port, ready }: ServiceFile): boolean => port === true || ready?.http !== undefined;

function serviceProblems(name: string, service: ServiceFile, folder: string): Problem[] {
  const at = ['services', name];
  const problems: Problem[] = [];
  const { start = 1, most = start } = service.instances ?? {};
  if (most < start) problems.push({ path: [...at, 'instances'], text: `${name} starts with ${start} instances, but has ${most} at most` });
  if (service.ready?.member && groupNameOf(service) === undefined)
    problems.push({ path: [...at, 'ready'], text: `${name} is ready as a member, but names no group: allowed is log, http or after` });
  if (service.group !== undefined && service['share-group'] !== undefined)
    problems.push({ path: [...at, 'share-group'], text: `${name} names a group and a share-group: allowed is one of them` });
  if (service.ready?.log !== undefined && !isPattern(service.ready.log))
    problems.push({ path: [...at, 'ready', 'log'], text: `${service.ready.log} is no regular expression: allowed is one of JavaScript's` });
  for (const [index, file] of (service['setup-from'] ?? []).entries())
    if (!existsSync(join(folder, file)))
      problems.push({ path: [...at, 'setup-from', index], text: `${file} is not there: allowed are files in ${folder}` });
  return problems;
}

/** `{topic:<name>}` and `{group}` stand for names that the lab gives. */
function placeholderProblems(name: string, service: ServiceFile, { topics }: SystemFile): Problem[] {
  const places: [path: (string | number)[], text: string][] = [
    ...service.command.map((text, index): [(string | number)[], string] => [['services', name, 'command', index], text]),
    ...Object.entries(service.env ?? {}).map(([key, value]): [string[], string] => [['services', name, 'env', key], String(value)]),
  ];
  return places.flatMap(([path, text]) => {
    const asked = askedNames({ command: [text] });
    const unknown = asked.topics.filter((topic) => !Object.hasOwn(topics, topic));
    return [
      ...unknown.map((topic) => ({
        path,
        text: `{topic:${topic}}: there is no topic ${topic}: allowed are ${Object.keys(topics).join(', ')}`,
      })),
      ...(asked.group && groupNameOf(service) === undefined ? [{ path, text: `{group}: ${name} names no group` }] : []),
    ];
  });
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

function topicProblems({ topics, services, ledger, load }: SystemFile): Problem[] {
  const named: { path: (string | number)[]; topic: string }[] = [];
  const name = (path: (string | number)[], list: readonly string[] = []): void => {
    for (const [index, topic] of list.entries()) named.push({ path: [...path, index], topic });
  };
  for (const [service, { reads, writes }] of Object.entries(services)) {
    name(['services', service, 'reads'], reads);
    name(['services', service, 'writes'], writes);
  }
  for (const [index, one] of ledger.entries()) {
    named.push({ path: ['ledger', index, 'from'], topic: one.from }, { path: ['ledger', index, 'to'], topic: one.to });
    name(['ledger', index, 'dead-letters'], one['dead-letters']);
  }
  if (load.topic !== undefined) named.push({ path: ['load', 'topic'], topic: load.topic });
  return named
    .filter(({ topic }) => !Object.hasOwn(topics, topic))
    .map(({ path, topic }) => ({ path, text: `there is no topic ${topic}: allowed are ${Object.keys(topics).join(', ')}` }));
}

/** Nobody who reads it: then nothing tells how far it was read, and what was not read yet would count as lost. */
const readerProblems = ({ services, ledger }: SystemFile): Problem[] =>
  ledger.flatMap(({ from }, index) => {
    if (Object.values(services).some(({ reads = [] }) => reads.includes(from))) return [];
    return [{ path: ['ledger', index, 'from'], text: `no service reads ${from}: allowed is a topic in the reads of a service` }];
  });

function loadProblems({ load, services }: SystemFile, folder: string): Problem[] {
  const path = ['load'];
  if (load.http === undefined) {
    if (load.topic === undefined) return [{ path, text: 'load has no topic: allowed is topic with value, file or command, or http' }];
    if ([load.value, load.file, load.command].filter((one) => one !== undefined).length !== 1)
      return [{ path, text: 'load has none of value, file and command, or more: allowed is one of them' }];
    if (load.file !== undefined && !existsSync(join(folder, load.file)))
      return [{ path: ['load', 'file'], text: `${load.file} is not there: allowed is a file in ${folder}` }];
    return [];
  }
  if ([load.topic, load.value, load.file, load.command].some((one) => one !== undefined))
    return [{ path, text: 'load has http and a topic: allowed is one of them' }];
  return portProblems(load.http, { services }, ['load', 'http']);
}

/** The last word on each service counts, and is kept: what else it is, it would be lost or read in another order. */
function settingsProblems({ settings, topics }: SystemFile): Problem[] {
  if (settings === undefined) return [];
  const { partitions, config = {} } = topics[settings] ?? {};
  if (partitions === 1 && config['cleanup.policy'] === 'compact') return [];
  return [
    {
      path: ['settings'],
      text: `${settings} is no topic for settings: allowed is one of one partition, with config: { cleanup.policy: compact }`,
    },
  ];
}

/** By a group the lab can have it read again; a service that does so by itself needs none. */
function replayProblems(system: SystemFile): Problem[] {
  const { digest, replay, services } = system;
  if (digest === undefined)
    return replay === undefined ? [] : [{ path: ['replay'], text: 'replay has no digest to compare: allowed is replay beside digest' }];
  const wrong = [...portProblems(digest, system, ['digest']), ...(replay ? portProblems(replay, system, ['replay']) : [])];
  if (wrong.length > 0 || replay) return wrong;
  const service = askedService(digest, system);
  if (service !== undefined && services[service]?.group !== undefined) return [];
  return [{ path: ['digest'], text: 'who is to read again? allowed is service: with one that has a group, or replay: with a URL' }];
}

const withPort = ({ services }: Pick<SystemFile, 'services'>): string[] =>
  Object.keys(services).filter((name) => wantsPort(services[name] as ServiceFile));

/** @returns whom a URL is about: the service that is named, or the only one with a port; undefined where that is nobody */
export const askedService = ({ service }: { service?: string }, system: Pick<SystemFile, 'services'>): string | undefined =>
  service ?? (withPort(system).length === 1 ? withPort(system)[0] : undefined);

/** A path without a service is of the only one that has a port. */
function portProblems(
  asked: { url: string; service?: string },
  system: Pick<SystemFile, 'services'>,
  path: (string | number)[],
): Problem[] {
  const ports = withPort(system);
  const service = askedService(asked, system);
  if (!asked.url.startsWith('/') || (service !== undefined && ports.includes(service))) return [];
  const which = ports.join(', ') || 'none has port: true';
  return [{ path, text: `which service is asked? allowed is service: with one that has a port (${which})` }];
}

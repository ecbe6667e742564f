/** What a system says of itself, in the form that a crash test needs. Pure. */
import { readingGroups } from '../../supervisor/reading-groups.ts';
import { serviceFacts } from '../../systems/file/describe-system.ts';
import type { SystemFile } from '../../systems/file/system-schema.ts';
import type { RunningService } from '../../systems/process/running-service.ts';

/** @returns the groups with all topics that their services read */
export const groupsOf = (system: Pick<SystemFile, 'services'>): { group: string; topics: string[] }[] =>
  readingGroups({ services: serviceFacts(system) }).map(({ group, topics }) => ({ group, topics }));

/** @returns the share groups with the topics that their services read */
export const queuesOf = (system: Pick<SystemFile, 'services'>): { group: string; topics: string[] }[] =>
  Object.values(system.services).flatMap(({ 'share-group': group, reads = [] }) => (group === undefined ? [] : [{ group, topics: reads }]));

/** @returns topics of which each leads to the next by a service that reads it, the last one to the first: the shortest such way */
export function circleOf({ services }: Pick<SystemFile, 'services'>): string[] | undefined {
  const next = (topic: string): string[] =>
    Object.values(services).flatMap(({ reads = [], writes = [] }) => (reads.includes(topic) ? writes : []));
  const starts = [...new Set(Object.values(services).flatMap(({ reads = [] }) => reads))];
  const circles = starts.flatMap((start) => {
    const ways = [[start]];
    const seen = new Set<string>();
    for (let way = ways.shift(); way; way = ways.shift()) {
      for (const topic of next(way.at(-1) ?? start)) {
        if (topic === start) return [[...way, start]];
        if (!seen.has(topic)) ways.push([...way, topic]);
        seen.add(topic);
      }
    }
    return [];
  });
  return circles.toSorted((a, b) => a.length - b.length)[0];
}

/** @returns groups of services of which a process runs that nobody has frozen */
export const aliveGroups = (services: readonly RunningService[]): Set<string> =>
  new Set(
    services
      .filter(({ instances }) => instances.some(({ state }) => state === 'running'))
      .flatMap(({ file }) => (file.group === undefined ? [] : [file.group])),
  );

/** What Kafka Streams calls the topics that it makes for itself (`StreamsResetter.matchesInternalTopicFormat`; joins by a foreign key: KIP-213). */
const endOfInternal =
  /-(changelog|repartition|subscription-(registration|response)-topic|KTABLE-FK-JOIN-SUBSCRIPTION-(REGISTRATION|RESPONSE)-\d+-topic)$/;

/** @returns whether Kafka Streams made the topic for the application of this id, which is its group too */
export const isOfStreams = (topic: string, group: string): boolean => topic.startsWith(`${group}-`) && endOfInternal.test(topic);

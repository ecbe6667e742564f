/** What a system says of itself, in the form that a crash test needs. Pure. */
import type { TopicSpec } from '../../kafka/side-topics.ts';
import type { RunningService } from '../systems/running-service.ts';
import type { SystemFile } from '../systems/system-schema.ts';

export const topicsOf = ({ topics }: SystemFile): TopicSpec[] =>
  Object.entries(topics).map(([name, { partitions, config = {} }]) => ({
    name,
    partitions,
    config: Object.fromEntries(Object.entries(config).map(([setting, value]) => [setting, String(value)])),
  }));

/** @returns the groups with all topics that their services read */
export function groupsOf({ services }: SystemFile): { group: string; topics: string[] }[] {
  const groups = new Map<string, Set<string>>();
  for (const { group, reads = [] } of Object.values(services)) {
    if (group === undefined) continue;
    const topics = groups.get(group) ?? new Set();
    groups.set(group, topics);
    for (const topic of reads) topics.add(topic);
  }
  return [...groups].map(([group, topics]) => ({ group, topics: [...topics] }));
}

/** @returns groups of services of which a process runs that nobody has frozen */
export const aliveGroups = (services: readonly RunningService[]): Set<string> =>
  new Set(
    services
      .filter(({ instances }) => instances.some(({ state }) => state === 'running'))
      .flatMap(({ file }) => (file.group === undefined ? [] : [file.group])),
  );

/** Who reads what in a system. Pure. */
import type { ReadingGroup, SystemFacts } from '../wire/system-facts.ts';

/** @returns its groups, in the order of the services */
export function readingGroups({ services }: Pick<SystemFacts, 'services'>): ReadingGroup[] {
  const named = services.flatMap(({ name, group, reads }) => (group === null ? [] : [{ group, reads, name }]));
  return [...Map.groupBy(named, ({ group }) => group)].map(([group, its]) => ({
    group,
    topics: [...new Set(its.flatMap(({ reads }) => reads))],
    service: its[0]?.name ?? '',
  }));
}

/** @returns the topics that come from outside: those that nobody in it writes; all that are read, where it is a circle */
export function entryTopics({ services }: Pick<SystemFacts, 'services'>): string[] {
  const read = [...new Set(services.flatMap(({ reads }) => reads))];
  const entries = read.filter((topic) => services.every(({ writes, reads }) => !writes.includes(topic) || reads.length === 0));
  return entries.length > 0 ? entries : read;
}

/** What a system.yaml says, in the forms that Kafka and the lab need it in. Pure. */
import type { TopicSpec } from '../../../kafka/admin/side-topics.ts';
import type { ServiceFacts, SystemFacts } from '../../wire/system-facts.ts';
import type { System } from './read-system.ts';
import type { ServiceFile, SystemFile } from './system-schema.ts';

/** @returns its topics as they are made */
export const topicsOf = ({ topics }: SystemFile): TopicSpec[] =>
  Object.entries(topics).map(([name, { partitions, config = {} }]) => ({
    name,
    partitions,
    config: Object.fromEntries(Object.entries(config).map(([setting, value]) => [setting, String(value)])),
  }));

/** @returns how many instances a service starts with, and may have */
export function instancesOf({ instances }: Pick<ServiceFile, 'instances'>): { start: number; most: number } {
  const { start = 1, most = start } = instances ?? {};
  return { start, most };
}

/** @returns who reads and writes what */
export const serviceFacts = ({ services }: Pick<SystemFile, 'services'>): ServiceFacts[] =>
  Object.entries(services).map(([name, file]) => ({
    name,
    most: instancesOf(file).most,
    group: file.group ?? null,
    ...(file['share-group'] !== undefined && { shareGroup: file['share-group'] }),
    reads: file.reads ?? [],
    writes: file.writes ?? [],
  }));

/** @returns the system as verbs and the page know it */
export const factsOf = ({ name, folder, services, topics, ledger, figures = [] }: System): SystemFacts => ({
  name,
  folder,
  services: serviceFacts({ services }),
  topics: Object.keys(topics),
  deadLetterTopics: [...new Set(ledger.flatMap((one) => one['dead-letters'] ?? []))],
  figures: figures.map(({ service = null, unit = null, ...figure }) => ({ ...figure, service, unit })),
});

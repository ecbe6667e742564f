/** What a lab says of the system that it runs: as much as verbs and the page need to know of it. */
import Type, { type Static } from 'typebox';
import { nullable } from './schema-parts.ts';

export const ServiceFacts = Type.Object({
  name: Type.String(),
  most: Type.Integer({ description: 'most instances; a service that runs once is called without a number' }),
  bareFirst: Type.Optional(
    Type.Boolean({ description: 'whether the first instance goes by the name of the service alone, as one that runs once does' }),
  ),
  group: nullable(Type.String(), 'its consumer group'),
  shareGroup: Type.Optional(Type.String({ description: 'the share group (KIP-932) by which it reads, in place of a consumer group' })),
  reads: Type.Array(Type.String(), { description: 'topics' }),
  writes: Type.Array(Type.String(), { description: 'topics' }),
});
export type ServiceFacts = Static<typeof ServiceFacts>;

export const FigureFacts = Type.Object({
  label: Type.String(),
  service: nullable(Type.String(), 'is asked where url is a path; null: the only one with a port'),
  url: Type.String(),
  pointer: Type.String({ description: 'JSON pointer into the answer' }),
  unit: nullable(Type.String()),
});
export type FigureFacts = Static<typeof FigureFacts>;

export const SystemFacts = Type.Object({
  name: Type.String(),
  folder: nullable(Type.String(), 'folder of its system.yaml; null for the pipeline that comes with the lab'),
  services: Type.Array(ServiceFacts, { description: 'in the order in which they are listed' }),
  topics: Type.Array(Type.String(), { description: 'all of them, dead letters too' }),
  deadLetterTopics: Type.Array(Type.String()),
  figures: Type.Array(FigureFacts, { description: 'figures of its own; none of the pipeline that comes with the lab, which tells more' }),
});
export type SystemFacts = Static<typeof SystemFacts>;

/** A group with all topics that its services read; `service` is the first of these. */
export type ReadingGroup = { group: string; topics: string[]; service: string };

/** What a lab says of the system that it runs: as much as verbs and the page need to know of it. */

export type ServiceFacts = {
  name: string;
  /** Most instances; a service that runs once is called without a number. */
  most: number;
  group: string | null;
  /** The share group (KIP-932) by which it reads, in place of a consumer group. */
  shareGroup?: string;
  reads: string[];
  writes: string[];
};

export type SystemFacts = {
  name: string;
  /** Folder of its `system.yaml`; null for the order pipeline. */
  folder: string | null;
  /** In the order in which they are listed. */
  services: ServiceFacts[];
  /** All of them, dead letters too. */
  topics: string[];
  deadLetterTopics: string[];
  /** Figures of its own; of the order pipeline none, since analytics tells them. */
  figures: FigureFacts[];
};

/** `service` is asked where `url` is a path; null: the only one with a port. */
export type FigureFacts = { label: string; service: string | null; url: string; pointer: string; unit: string | null };

/** A group with all topics that its services read; `service` is the first of these. */
export type ReadingGroup = { group: string; topics: string[]; service: string };

/** One look at Kafka: what the broker told at one moment, before anything is computed from it. */

import type { GroupDescription } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { KafkaInspector, OffsetAnswer } from '../../../kafka/groups/inspector.ts';
import { rangeNote } from '../../../kafka/groups/range-note.ts';
import { type Partition, partitionKey } from '../../../kafka/partition.ts';

export type Reader = { group: string; topics: string[] };

export type KafkaLook = {
  /** When the ends were known (ms since 1970). */
  atMs: number;
  /** By `partitionKey`; a partition that could not be asked is left out. */
  ends: Map<string, number>;
  /** How far readers of committed records get, by `partitionKey`; asked after the ends. */
  stable: Map<string, number>;
  /** Where the logs begin, by `partitionKey`. */
  beginnings: Map<string, number>;
  errors: Map<string, string>;
  /** By group, then `partitionKey`. */
  committed: Map<string, Map<string, number>>;
  /** What was asked about. */
  partitions: readonly Partition[];
};

type Asker = Pick<KafkaInspector, 'ask'>;

/**
 * Asks for the commits first and for the ends second, so that no lag is negative by the order of asking.
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`
 */
export async function lookAtOffsets(inspector: Asker, partitions: readonly Partition[], groups: readonly string[]): Promise<KafkaLook> {
  const commits = await Promise.all(groups.map((group) => inspector.ask('committed', group, false)));
  const [answers, beginnings] = await Promise.all([
    inspector.ask('offsets', partitions, 'latest'),
    inspector.ask('offsets', partitions, 'earliest'),
  ]);
  const stable = await inspector.ask('offsets', partitions, 'stable');
  const errors = answers.flatMap((one) => (one.error === undefined ? [] : [[partitionKey(one), one.error] as const]));
  const committed = groups.map((group, index) => {
    const offsets = (commits[index] ?? []).map((one) => [partitionKey(one), one.offset] as const);
    return [group, new Map(offsets)] as const;
  });
  return {
    atMs: Date.now(),
    ends: knownOffsets(answers),
    stable: knownOffsets(stable),
    beginnings: knownOffsets(beginnings),
    errors: new Map(errors),
    committed: new Map(committed),
    partitions,
  };
}

const knownOffsets = (answers: readonly OffsetAnswer[]): Map<string, number> =>
  new Map(answers.flatMap((one) => (one.offset === undefined ? [] : [[partitionKey(one), one.offset] as const])));

/**
 * @returns by group, its description
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`
 */
export async function lookAtGroups(inspector: Asker, groups: readonly string[]): Promise<Map<string, GroupDescription>> {
  const described = await Promise.all(groups.map((group) => inspector.ask('describeGroup', group)));
  return new Map(groups.map((group, index) => [group, described[index] as GroupDescription]));
}

/** @returns per group and partition whose committed offset is not in the log, what that means */
export function outOfRange(look: KafkaLook | undefined): { group: string; text: string }[] {
  if (look === undefined) return [];
  return [...look.committed].flatMap(([group, offsets]) =>
    look.partitions.flatMap((one) => {
      const key = partitionKey(one);
      const text = rangeNote({ ...one, committed: offsets.get(key), first: look.beginnings.get(key), end: look.ends.get(key) }, group);
      return text === undefined ? [] : [{ group, text }];
    }),
  );
}

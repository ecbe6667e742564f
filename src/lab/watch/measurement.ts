/** One look at Kafka: what the broker told at one moment, before anything is computed from it. */

import type { GroupDescription } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { KafkaInspector } from '../../kafka/inspector.ts';
import { type Partition, partitionKey } from '../../kafka/partition.ts';

export type Reader = { group: string; topics: string[] };

export type KafkaLook = {
  /** When the ends were known (ms since 1970). */
  atMs: number;
  /** By `partitionKey`; a partition that could not be asked is left out. */
  ends: Map<string, number>;
  errors: Map<string, string>;
  /** By group, then `partitionKey`. */
  committed: Map<string, Map<string, number>>;
};

type Asker = Pick<KafkaInspector, 'ask'>;

/**
 * Asks for the commits first and for the ends second, so that no lag is negative by the order of asking.
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`
 */
export async function lookAtOffsets(inspector: Asker, partitions: readonly Partition[], groups: readonly string[]): Promise<KafkaLook> {
  const commits = await Promise.all(groups.map((group) => inspector.ask('committed', group, false)));
  const answers = await inspector.ask('offsets', partitions, 'latest');
  const known = answers.flatMap((one) => (one.offset === undefined ? [] : [[partitionKey(one), one.offset] as const]));
  const errors = answers.flatMap((one) => (one.error === undefined ? [] : [[partitionKey(one), one.error] as const]));
  const committed = groups.map((group, index) => {
    const offsets = (commits[index] ?? []).map((one) => [partitionKey(one), one.offset] as const);
    return [group, new Map(offsets)] as const;
  });
  return { atMs: Date.now(), ends: new Map(known), errors: new Map(errors), committed: new Map(committed) };
}

/**
 * @returns by group, its description
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline`
 */
export async function lookAtGroups(inspector: Asker, groups: readonly string[]): Promise<Map<string, GroupDescription>> {
  const described = await Promise.all(groups.map((group) => inspector.ask('describeGroup', group)));
  return new Map(groups.map((group, index) => [group, described[index] as GroupDescription]));
}

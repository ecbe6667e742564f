/**
 * The figures of groups and partitions that the lab tells Prometheus, by the names that others tell them: kafka_exporter's (Strimzi has it too),
 * klag-exporter's, and our own where nobody has one. Pure.
 */
import type { GroupPartition, GroupView, TopicEnds } from '../../wire/all.ts';

/** A value under labels; what is not known is left out. */
export type Figure = { labels: Record<string, string | number>; value: number };
export type Family = { name: string; help: string; labels: readonly string[]; figures: (facts: Facts) => Figure[] };
export type Facts = { groups: readonly GroupView[]; topics: readonly TopicEnds[] };

type OfPartition = (partition: GroupPartition) => number | null | undefined;
type OfGroup = (group: GroupView) => number | null;

/** klag-exporter tells several clusters apart; the lab has one. */
const cluster = { cluster_name: 'lab' };

const families = {
  /** kafka_exporter, Strimzi. */
  exporter: (name: string, help: string, value: OfPartition): Family =>
    perPartition(name, help, ['consumergroup', 'topic', 'partition'], ({ group }) => ({ consumergroup: group }), value),
  klag: (name: string, help: string, value: OfPartition): Family =>
    perPartition(
      name,
      help,
      ['cluster_name', 'group', 'topic', 'partition', 'member_host', 'consumer_id', 'client_id'],
      ({ group }, { owner }) => ({
        ...cluster,
        ...{ group, member_host: owner?.host ?? '', consumer_id: owner?.consumerId ?? '', client_id: owner?.clientId ?? '' },
      }),
      value,
    ),
  klagGroup: (name: string, help: string, value: OfGroup): Family => ({
    name,
    help,
    labels: ['cluster_name', 'group'],
    figures: ({ groups }) => groups.flatMap((group) => known({ ...cluster, group: group.group }, value(group))),
  }),
  ends: (name: string, help: string, more: Record<string, string>): Family => ({
    name,
    help,
    labels: [...Object.keys(more), 'topic', 'partition'],
    figures: ({ topics }) =>
      topics.flatMap(({ topic, partitions }) => partitions.flatMap(({ partition, end }) => known({ ...more, topic, partition }, end))),
  }),
};

/** A group that has read all has no record that waits: 0 s. */
const lagSeconds: OfPartition = ({ lag, ageSec }) => (lag === 0 ? 0 : ageSec);
const lags = ({ partitions }: GroupView): number[] => partitions.flatMap(({ lag }) => lag ?? []);
const ages = ({ partitions }: GroupView): number[] => partitions.flatMap((one) => lagSeconds(one) ?? []);

/** Without a value where nothing is unread, or nothing is deleted by its age. */
const retention = [
  families.exporter(
    'replayground_retention_used_ratio',
    'Age of the oldest record that the group has not read, by retention.ms of its topic: from 1 on it may be gone at any moment',
    ({ retention }) => retention?.share,
  ),
  families.exporter(
    'replayground_oldest_unread_deletable_seconds',
    'Seconds until the oldest record that the group has not read may be deleted, at the earliest',
    ({ retention }) => retention && retention.deletableInMs / 1000,
  ),
];

/** All of them. */
export const lagFamilies: readonly Family[] = [
  ...retention,
  families.exporter('kafka_consumergroup_lag', 'Records that the group has not read', ({ lag }) => lag),
  families.exporter('kafka_consumergroup_current_offset', 'Offset that the group has committed', ({ committed }) => committed),
  {
    name: 'kafka_consumergroup_members',
    help: 'Members of the group',
    labels: ['consumergroup'],
    figures: ({ groups }) => groups.map(({ group, members }) => ({ labels: { consumergroup: group }, value: members.length })),
  },
  families.ends('kafka_topic_partition_current_offset', 'End of the partition', {}),
  families.klag('kafka_consumergroup_group_lag', 'Records that the group has not read', ({ lag }) => lag),
  families.klag(
    'kafka_consumergroup_group_lag_seconds',
    'Age of the oldest record that the group has not read, 0 where it has read all',
    lagSeconds,
  ),
  families.klag('kafka_consumergroup_group_offset', 'Offset that the group has committed', ({ committed }) => committed),
  families.klagGroup('kafka_consumergroup_group_sum_lag', 'Records that the group has not read', ({ totalLag }) => totalLag),
  families.klagGroup('kafka_consumergroup_group_max_lag', 'The same of the partition that has most', (group) => most(lags(group))),
  families.klagGroup('kafka_consumergroup_group_max_lag_seconds', 'Age of the oldest record that the group has not read', (group) =>
    most(ages(group)),
  ),
  families.ends('kafka_partition_latest_offset', 'End of the partition', cluster),
];

function perPartition(
  name: string,
  help: string,
  labels: readonly string[],
  labelsOf: (group: GroupView, partition: GroupPartition) => Record<string, string>,
  value: OfPartition,
): Family {
  const figures = ({ groups }: Facts): Figure[] =>
    groups.flatMap((group) =>
      group.partitions.flatMap((one) => known({ ...labelsOf(group, one), topic: one.topic, partition: one.partition }, value(one))),
    );
  return { name, help, labels, figures };
}

const known = (labels: Figure['labels'], value: number | null | undefined): Figure[] =>
  value === null || value === undefined ? [] : [{ labels, value }];

const most = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values));

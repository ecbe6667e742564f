/** What `lag` and `offsets` print: consumer groups, their lag, and where a reset takes them. */
import Type, { type Static } from 'typebox';
import { Trend } from '../wire/explanation.ts';
import { lagKinds } from '../wire/lag-kinds.ts';
import { nullable, TopicPartition, time } from '../wire/schema-parts.ts';

/** As Kafka's own tools name them. */
export const groupTypes = ['Classic', 'Consumer', 'Share', 'Streams', 'Unknown'] as const;

const offset = (description: string) => nullable(Type.Integer(), description);

const Retention = Type.Object(
  {
    ageMs: Type.Number({ description: 'of the oldest record that the group has not read, by its own timestamp' }),
    retentionMs: Type.Number({ description: 'retention.ms of the topic' }),
    share: Type.Number({ description: 'ageMs of retentionMs: from 1 on the record may be gone at any moment' }),
    deletableInMs: Type.Number({ description: 'until it may be deleted, at the earliest' }),
    retentionBytes: nullable(Type.Number(), 'retention.bytes, which may delete it sooner'),
  },
  { description: 'how near the oldest unread record is to its deletion' },
);

const lag = (kind: keyof typeof lagKinds) => nullable(Type.Integer(), lagKinds[kind].when);

const Behind = Type.Object(
  {
    end: lag('end'),
    stable: lag('stable'),
    fetched: lag('fetched'),
    visible: lag('visible'),
    matters: nullable(
      Type.Enum(Object.keys(lagKinds) as (keyof typeof lagKinds)[]),
      'which of them to look at now; null where nothing waits',
    ),
    text: Type.String({ description: 'why, in one sentence' }),
  },
  { description: 'four lags; fetched and visible are known where a lab runs, whose transaction is open there too, or with --behind' },
);

const LagPartition = Type.Object({
  ...TopicPartition.properties,
  currentOffset: offset('the committed offset'),
  logEndOffset: offset('the high watermark'),
  lag: offset('records still to read, never below 0; null where it is not known'),
  consumerId: nullable(Type.String()),
  host: nullable(Type.String()),
  clientId: nullable(Type.String()),
  error: nullable(Type.String(), 'why the end is not known'),
  note: nullable(Type.String(), 'what is wrong with the committed offset: it is not in the log'),
  retention: nullable(Retention, 'null without lag, and where records are not deleted by their age'),
  behind: nullable(Behind, 'null with --members and --state'),
});

const Member = Type.Object({
  consumerId: Type.String(),
  host: Type.String(),
  clientId: Type.String(),
  partitions: Type.Array(TopicPartition),
});

const GroupLag = Type.Object({
  group: Type.String(),
  state: Type.Enum(['Unknown', 'PreparingRebalance', 'CompletingRebalance', 'Reconciling', 'Stable', 'Dead', 'Empty'], {
    description: 'Dead: there is no such consumer group',
  }),
  type: Type.Enum([...groupTypes], { description: 'which protocol the group goes by' }),
  assignor: Type.String(),
  coordinator: Type.Optional(Type.Object({ id: Type.Integer(), host: Type.String(), port: Type.Integer() })),
  at: time('when the ends were known'),
  totalLag: nullable(Type.Integer(), 'the sum of what is known'),
  trend: Type.Optional(
    Type.Object(
      { ...Trend.properties, drainSec: nullable(Type.Number(), 'until all is read at the present pace') },
      { description: 'with --watch, over the last seconds' },
    ),
  ),
  forecast: nullable(
    Type.Object({
      sec: nullable(Type.Number(), 'null where it is not known, or never'),
      text: Type.String({ description: 'gone in about 40 s' }),
    }),
    'when all is read, by the slowest reader; null where nobody knows: no lab runs, and this is one look',
  ),
  members: Type.Array(Member),
  partitions: Type.Array(LagPartition),
});

export type GroupLag = Static<typeof GroupLag>;

const ShareGroupLag = Type.Object({
  group: Type.String(),
  state: Type.String(),
  type: Type.Literal('Share'),
  coordinator: nullable(Type.String()),
  totalLag: nullable(Type.Integer(), 'the sum of what is known'),
  members: Type.Array(Member),
  partitions: Type.Array(
    Type.Object({
      ...TopicPartition.properties,
      startOffset: offset('all before it is accepted, rejected or archived; null until somebody has read'),
      lag: offset('end - start - what lies between and is done (KIP-1226); null until somebody has read'),
    }),
  ),
});
export type ShareGroupLag = Static<typeof ShareGroupLag>;

export const Lag = Type.Array(Type.Union([GroupLag, ShareGroupLag]));

export const LagLook = Type.Object({ at: time(), groups: Lag });

/** A group as `kafka-groups --list` shows it. */
const ListedGroup = Type.Object({
  group: Type.String(),
  type: Type.Enum([...groupTypes]),
  protocol: Type.String({ description: 'consumer, connect, ...; empty for a group that nobody ever joined' }),
});
export type ListedGroup = Static<typeof ListedGroup>;

export const Groups = Type.Array(ListedGroup);

export const OffsetsPlan = Type.Object({
  group: Type.String(),
  executed: Type.Boolean({ description: 'false: this is a plan, and nothing was changed' }),
  partitions: Type.Array(
    Type.Object({
      ...TopicPartition.properties,
      before: offset('what is committed before it'),
      newOffset: offset('what is committed by it; null: the commit goes away'),
      delta: offset('records that are read again (below 0) or skipped (above 0)'),
    }),
  ),
  warnings: Type.Array(Type.String()),
  backup: nullable(Type.String(), 'the file that ./lab offsets undo goes back to; null for a plan'),
});

/** What another number of instances would do. */
export const WhatIf = Type.Object({
  service: Type.String(),
  group: Type.String(),
  assignor: nullable(Type.String(), 'as Kafka calls it; null while nobody reads'),
  instances: Type.Integer(),
  readers: Type.Array(
    Type.Object({
      name: Type.String(),
      partitions: Type.Array(TopicPartition),
      lag: Type.Integer(),
      sec: nullable(Type.Number(), 'until it is done; null where that is not known, or never'),
    }),
  ),
  sec: nullable(Type.Number(), 'until the last of them is done'),
  perInstance: nullable(Type.Number(), 'records that one instance reads in a second, as it was measured'),
  text: Type.String(),
});

/** What KEDA would have done, by the names of a trigger's metadata. */
export const Autoscale = Type.Object({
  group: Type.String(),
  service: Type.String(),
  options: Type.Object({
    lagThreshold: Type.Number(),
    activationLagThreshold: Type.Number(),
    offsetResetPolicy: Type.Enum(['latest', 'earliest']),
    allowIdleConsumers: Type.Boolean(),
    scaleToZeroOnInvalidOffset: Type.Boolean(),
    excludePersistentLag: Type.Boolean(),
    limitToPartitionsWithLag: Type.Boolean(),
    ensureEvenDistributionOfPartitions: Type.Boolean(),
    pollingInterval: Type.Number({ description: 's' }),
    cooldownPeriod: Type.Number({ description: 's' }),
    minReplicaCount: Type.Number(),
    maxReplicaCount: Type.Number(),
  }),
  points: Type.Array(
    Type.Object({
      atMs: Type.Number({ description: 'ms since 1970' }),
      lagThen: Type.Number({ description: 'as it was' }),
      lag: Type.Number({ description: 'as it would have been' }),
      replicas: Type.Integer(),
    }),
  ),
  goneAtMs: Type.Object({ asItWas: nullable(Type.Number()), autoscaled: nullable(Type.Number()) }),
  soonerSec: nullable(Type.Number(), 'null where one of them is not known'),
  instanceMinutes: Type.Number(),
  mostReplicas: Type.Integer(),
  flapsAtMs: Type.Array(Type.Number(), { description: 'when it would have turned round within five minutes' }),
  perInstance: nullable(Type.Number(), 'records that one instance reads in a second; null where that is not known: then nothing is told'),
  text: Type.String(),
});

export const ShareReset = Type.Object({
  group: Type.String(),
  type: Type.Literal('Share'),
  executed: Type.Boolean({ description: 'false: this is a plan, and nothing was changed' }),
  partitions: Type.Array(Type.Object({ ...TopicPartition.properties, newOffset: Type.Integer() })),
});

export const Backups = Type.Array(Type.String(), { description: 'files, the newest first' });

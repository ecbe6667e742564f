/** What `lag` and `offsets` print: consumer groups, their lag, and where a reset takes them. */
import Type, { type Static } from 'typebox';
import { Trend } from '../wire/explanation.ts';
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
  members: Type.Array(Member),
  partitions: Type.Array(LagPartition),
});

export const Lag = Type.Array(GroupLag);

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

export const Backups = Type.Array(Type.String(), { description: 'files, the newest first' });

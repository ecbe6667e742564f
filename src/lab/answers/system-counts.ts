/** What `ledger` and `replay` print of a system of anybody: whether its books balance, and whether the same numbers come out again. */
import Type from 'typebox';
import { type Anomaly, anomalies } from '../ledger/jepsen-words.ts';
import { nullable, RecordPlace } from '../wire/schema-parts.ts';

const count = (description: string) => Type.Integer({ description });

const LoggedRecord = Type.Object({
  ...RecordPlace.properties,
  id: Type.Optional(Type.String({ description: 'left out where the record has none' })),
  key: nullable(Type.String()),
  at: Type.Number({ description: 'its timestamp (ms since 1970)' }),
});

export const SystemLedger = Type.Object({
  system: Type.String(),
  balanced: Type.Boolean({ description: 'whether nothing is lost, repeated or invented' }),
  ledgers: Type.Array(
    Type.Object({
      from: Type.String(),
      to: Type.String(),
      ids: count('different ids that came in and can be read'),
      lost: count('read past, and neither in the output nor in the dead letters'),
      repeated: count('came out more often than they came in'),
      invented: count('came out, and never came in'),
      outOfOrder: count('came out behind a later one of their key'),
      poisoned: count('partitions that are stopped at a record that cannot be read'),
      unread: count('not read yet: neither lost nor done'),
      deadLettered: count('records in its dead-letter topics'),
      first: Type.Array(
        Type.Object({
          kind: Type.Enum(['lost', 'repeated', 'invented', 'outOfOrder', 'poisoned']),
          jepsen: Type.Enum(Object.keys(anomalies) as Anomaly[], { description: 'what Jepsen calls it' }),
          id: Type.String(),
          from: Type.String(),
          to: Type.String(),
          inputs: Type.Array(LoggedRecord),
          outputs: Type.Array(LoggedRecord),
        }),
        { description: 'the first few of each kind' },
      ),
    }),
  ),
});

export const SystemReplay = Type.Object({
  identical: Type.Boolean(),
  before: Type.Unknown({ description: 'the digest that the system tells' }),
  after: Type.Unknown(),
  duration_ms: Type.Integer(),
  backup: nullable(Type.String(), 'the file that ./lab offsets undo goes back to; null where the service itself replayed'),
});

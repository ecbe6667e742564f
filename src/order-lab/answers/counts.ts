/** What `ledger` and `replay` print: whether the books balance, and whether the same numbers come out again. */
import Type from 'typebox';
import { type Anomaly, anomalies, nearText } from '../../lab/ledger/jepsen-words.ts';
import { nullable, RecordPlace, TopicPartition, time } from '../../lab/wire/schema-parts.ts';
import { Metrics } from '../../pipeline/analytics/metrics.ts';
import { findingKinds } from '../ledger/judge-order.ts';

const kinds = Object.keys(findingKinds) as (keyof typeof findingKinds)[];

const HistoryRecord = {
  ...RecordPlace.properties,
  what: Type.Enum(['order', 'decision', 'source'], { description: 'source: a place that the decision names, whatever is there' }),
};
const finding = { kind: Type.Enum(kinds), ...RecordPlace.properties, id: Type.String({ description: 'of the order' }) };
const history = { description: 'the records that show it, and no more' };

const Finding = Type.Object({ ...finding, records: Type.Array(Type.Object(HistoryRecord), history) });

const jepsen = Type.Enum(Object.keys(anomalies) as Anomaly[], { description: 'what Jepsen calls it' });

const FindingStory = Type.Object({
  ...finding,
  jepsen,
  records: Type.Array(Type.Object({ ...HistoryRecord, at: nullable(time(), 'null where nothing is') }), history),
  passedAt: nullable(time(), 'when inventory-service was first seen to be past the order'),
  faults: nullable(
    Type.Array(Type.Object({ at: time(), kind: Type.String(), subject: Type.String(), text: Type.String() })),
    `what happened ${nearText} of it; null where nobody saw when it was, or no lab runs that could tell`,
  ),
  process: nullable(Type.String(), 'that it happened to'),
  text: Type.String({ description: 'the history in one line' }),
});

const count = (description: string) => Type.Integer({ description });

const Equation = Type.Object(
  {
    written: count('records of the orders topic'),
    decided: count('different orders with a decision'),
    duplicates: count('records beyond the first of their order id'),
    deadLettered: count('records that lie in the dead-letter topic'),
    inFlight: count('not reached yet'),
    notCounted: count('decided or in flight: the view is behind; 0 where the log itself was read'),
    outOfReach: count('the order or its decision is deleted by now'),
    lost: count('passed by without a decision, or deleted before anybody had read them'),
    unaccounted: count('in none of the others'),
    decidedTwice: count('orders with more than one decision'),
    text: Type.String({ description: 'equation and promises in one sentence' }),
  },
  { description: 'each record of the orders topic once: written is the sum of all but decidedTwice' },
);

const Notifications = Type.Object(
  {
    decisions: count('once + again + rejected + waiting + never'),
    toldOnce: count('told once'),
    toldAgain: count('told more often: at least once is what is promised'),
    repeats: count('tellings beyond the first'),
    rejected: count('not told, and in the dead letters'),
    waiting: count('not told yet'),
    never: count('not told, not in the dead letters, and the share group is done with them'),
    firstNever: nullable(RecordPlace, 'the first of these'),
  },
  { description: 'which decisions customers were told of; only where notification-service was used' },
);

export const Ledger = Type.Object({
  topics: Type.Object({ orders: Type.String(), inventory: Type.String() }),
  balanced: Type.Boolean({ description: 'whether there is no finding, and nothing was deleted unread' }),
  records: count('records of the orders topic: orders + duplicates + unreadable'),
  orders: count('different order ids'),
  duplicates: count('order records beyond the first of their id'),
  conflicting: count('those of the duplicates that ask for something else than the first of their id'),
  unreadable: count('records that are no order'),
  decided: count('orders with a decision'),
  decisions: count('records of the inventory topic that are decisions'),
  byType: Type.Record(Type.String(), Type.Integer(), { description: 'decisions by event type' }),
  unreadableDecisions: count('records of the inventory topic that are none'),
  deadLettered: count('records of the orders topic that lie in its dead-letter topic'),
  inFlight: count('records that inventory-service has not reached yet'),
  outOfReach: count('what cannot be told any more, since the order or its decision is deleted'),
  found: Type.Object(
    Object.fromEntries(kinds.map((kind) => [kind, count(findingKinds[kind])])) as Record<(typeof kinds)[number], Type.TInteger>,
  ),
  deletedUnread: Type.Object({
    records: count('orders that were deleted from the log before inventory-service had read them'),
    stretches: Type.Array(Type.Object({ ...TopicPartition.properties, from: Type.Integer(), to: Type.Integer() })),
  }),
  first: nullable(Finding, 'the first of the findings, by partition and offset'),
  findings: Type.Array(FindingStory, { description: 'the first so many of each kind' }),
  conflicts: Type.Array(Type.Object({ ...RecordPlace.properties, id: Type.String(), first: RecordPlace })),
  tookMs: Type.Number(),
  equation: Equation,
  notifications: Type.Optional(Notifications),
});

export const Replay = Type.Object({
  identical: Type.Boolean(),
  first_difference: nullable(Type.Object({ field: Type.String(), before: Type.Unknown(), after: Type.Unknown() })),
  offsets_read: count('offsets read again, those of control records included'),
  duration_ms: Type.Integer(),
  backup: Type.String({ description: 'the file that ./lab offsets undo goes back to' }),
  before: Metrics,
  after: Metrics,
});

/** What `run`, `scenarios`, `crash-test`, `compare` and `systems` print: exercises, storms, and what came out. */
import Type from 'typebox';
import { type Anomaly, anomalies } from '../ledger/jepsen-words.ts';
import { nullable, pair, RecordPlace, time } from '../wire/schema-parts.ts';
import { History } from './runs.ts';

const texts = Type.Record(Type.String(), Type.String());
const option = { help: Type.String(), default: Type.Optional(Type.String({ description: 'left out where it is drawn for each run' })) };

const ScenarioOption = Type.Union([
  Type.Object({ ...option, values: Type.Array(Type.String()) }),
  Type.Object({ ...option, between: pair(Type.Number(), Type.Number()) }),
  Type.Object({ ...option, text: Type.String({ description: 'what it is, for the hint' }) }),
]);

const flag = (description: string) => Type.Optional(Type.Boolean({ description }));

export const Scenarios = Type.Array(
  Type.Object({
    name: Type.String(),
    file: Type.String(),
    title: Type.String(),
    summary: Type.String(),
    exercises: Type.Array(Type.String(), { description: 'which exercises of docs/exercises.md it is' }),
    environment: Type.Optional(texts),
    scale: Type.Optional(Type.Integer({ description: 'instances of inventory-service at the start' })),
    options: Type.Optional(Type.Record(Type.String(), ScenarioOption)),
    threeBrokers: flag('it needs a cluster of three brokers'),
    needsOwnLab: flag('it starts the whole lab again: --here is refused'),
    strikesKafka: flag('it stops or kills Kafka'),
  }),
);

const Check = Type.Object({
  claim: Type.String(),
  held: Type.Boolean(),
  expected: Type.String(),
  measured: Type.String(),
  lookAt: Type.String({ description: 'what to look at when it does not hold' }),
});

const Step = Type.Object({
  kind: Type.Enum(['change', 'wait', 'look', 'remark']),
  what: Type.String(),
  byHand: Type.Array(Type.String(), { description: 'commands that do the same in a terminal' }),
  startMs: Type.Number({ description: 'ms since 1970' }),
  endMs: Type.Optional(Type.Number()),
  result: Type.Optional(Type.String()),
  error: Type.Optional(Type.String()),
  times: Type.Integer({ description: 'how often it was done in a row' }),
});

const Comparison = Type.Object({
  title: Type.String(),
  rows: Type.Array(Type.Object({ field: Type.String(), before: Type.String(), after: Type.String(), differs: Type.Boolean() })),
});

const Table = Type.Object({
  title: Type.String(),
  columns: Type.Array(Type.String()),
  rows: Type.Array(Type.Array(Type.Union([Type.String(), Type.Number()]))),
});

const facts = Type.Array(Type.Object({ name: Type.String(), value: Type.String() }));

export const Runs = Type.Array(
  Type.Object({
    name: Type.String(),
    title: Type.String(),
    summary: Type.String(),
    exercises: Type.Array(Type.String()),
    options: texts,
    environment: texts,
    scale: Type.Integer({ description: 'instances of inventory-service at the start' }),
    held: Type.Boolean({ description: 'whether every check held' }),
    startedAt: time(),
    durationMs: Type.Number(),
    command: Type.String({ description: 'how to run it again' }),
    checks: Type.Array(Check),
    steps: Type.Array(Step),
    comparisons: Type.Array(Comparison),
    tables: Type.Array(Table),
    names: Type.Object({
      orders: Type.String(),
      inventory: Type.String(),
      ordersDlq: Type.String(),
      inventoryDlq: Type.String(),
      notifications: Type.String(),
      notificationsDlq: Type.String({ description: 'written by the broker, for the share group of notification-service' }),
      notificationGroup: Type.String(),
      inventoryGroup: Type.String(),
      analyticsGroup: Type.String(),
    }),
    versions: facts,
    machine: facts,
    settings: facts,
    files: Type.Array(Type.String(), { description: 'names of files beside the report' }),
    history: nullable(History, 'beside the runs before; null for the first one on this machine'),
    folder: Type.String({ description: 'where report.html, report.json and junit.xml are' }),
  }),
);

const costs = {
  lost: Type.Integer(),
  repeated: Type.Integer(),
  invented: Type.Integer(),
  outOfOrder: Type.Integer(),
  poisoned: Type.Integer({ description: 'partitions that one bad record has stopped' }),
};

const guarantee = Type.Enum(['exactly-once', 'at-least-once', 'at-most-once', 'none']);

const StoryPlace = { ...RecordPlace.properties, at: time() };

const Story = Type.Object({
  kind: Type.Enum(['lost', 'repeated', 'invented', 'outOfOrder', 'poisoned']),
  jepsen: Type.Enum(Object.keys(anomalies) as Anomaly[], { description: 'what Jepsen calls it' }),
  id: Type.String(),
  text: Type.String(),
  in: Type.Array(Type.Object(StoryPlace)),
  out: Type.Array(Type.Object({ ...StoryPlace, process: nullable(Type.String()) })),
  faults: Type.Array(Type.Object({ kind: Type.String(), target: Type.String(), at: time() }), {
    description: 'what was under way within 5 s of it',
  }),
});

export const CrashTest = Type.Object({
  system: Type.String(),
  seed: Type.String({ description: 'the same one draws the same faults' }),
  minutes: Type.Number(),
  sent: Type.Integer({ description: 'records that the load has put in, duplicates and unreadable ones not counted' }),
  faults: Type.Array(
    Type.Object({
      kind: Type.Enum(['kill', 'freeze', 'stop', 'scale', 'broker', 'duplicate', 'unreadable']),
      target: Type.String({ description: 'invoicer.2, broker 1, orders/0@1234' }),
      at: time(),
      until: time('when it was over'),
      detail: Type.String(),
      ...costs,
      atWorkAfterSec: nullable(Type.Number(), 'until every group committed again'),
    }),
  ),
  verdict: Type.Object({
    ...costs,
    stalledSec: Type.Number({ description: 'the longest time in which a partition with lag was not read on although a process ran' }),
    cameBack: Type.Boolean({ description: 'whether all processes ran and all was read in the end, without help' }),
    behavesAs: guarantee,
    claim: nullable(guarantee),
    held: Type.Boolean(),
  }),
  sometimes: Type.Array(Type.Object({ situation: Type.String(), times: Type.Integer(), needed: Type.Integer() }), {
    description: 'what the run had to reach to mean anything',
  }),
  firstFindings: Type.Array(Story),
  report: Type.String({ description: 'path of the page' }),
});

export const Compare = Type.Array(
  Type.Union([CrashTest, Type.Object({ system: Type.String(), error: Type.Optional(Type.String({ description: 'why it did not run' })) })]),
);

export const Systems = Type.Array(
  Type.Object({
    name: Type.String(),
    summary: Type.String(),
    claims: nullable(guarantee),
    folder: Type.String(),
    missing: Type.Array(Type.String(), { description: 'programs that it needs and that are not on this machine' }),
  }),
);

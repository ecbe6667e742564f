/** What `run` and `scenarios` print: exercises, and what came out. */
import Type from 'typebox';
import { History } from '../../lab/answers/runs.ts';
import { nullable, pair, time } from '../../lab/wire/schema-parts.ts';

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

const Picture = Type.Object({
  title: Type.String(),
  over: Type.Object(
    { name: Type.String(), values: Type.Array(Type.Union([Type.String(), Type.Number()])) },
    { description: 'what the figures are over' },
  ),
  unit: Type.String(),
  series: Type.Array(Type.Object({ name: Type.String(), values: Type.Array(Type.Number()) })),
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
    pictures: Type.Array(Picture),
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

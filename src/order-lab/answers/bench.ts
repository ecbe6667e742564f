/** What `bench` prints, and what bench/results.json keeps. */
import Type from 'typebox';
import { pair, time } from '../../lab/wire/schema-parts.ts';

const summary = { median: Type.Number(), min: Type.Number(), max: Type.Number(), rounds: Type.Array(Type.Number()) };
const of = Type.Enum(['ours', 'ratio']);

const Measure = Type.Object({
  name: Type.String(),
  unit: Type.Enum(['records/s', 'orders/s', 'requests/s', 's', 'ms', 'MB', 'x']),
  better: Type.Enum(['higher', 'lower']),
  ours: Type.Object({ ...summary, name: Type.Optional(Type.String()) }),
  peer: Type.Optional(Type.Object({ ...summary, name: Type.String() })),
  ratio: Type.Optional(
    Type.Object(
      { value: Type.Number(), low: Type.Optional(Type.Number()), high: Type.Optional(Type.Number()) },
      { description: 'of medians, with its 95% confidence interval; above 1, ours is the better one' },
    ),
  ),
  target: Type.Optional(
    Type.Union([Type.Object({ of, atLeast: Type.Number() }), Type.Object({ of, below: Type.Number() })], {
      description: 'what was promised; the median counts',
    }),
  ),
});

const Curve = Type.Object({
  file: Type.String({ description: 'of its chart, without ending' }),
  title: Type.String(),
  x: Type.String(),
  y: Type.String(),
  logX: Type.Optional(Type.Boolean()),
  logY: Type.Optional(Type.Boolean()),
  lines: Type.Array(Type.Object({ name: Type.String(), points: Type.Array(pair(Type.Number(), Type.Number())) })),
});

const Grid = Type.Object({
  title: Type.String(),
  columns: Type.Array(Type.String()),
  rows: Type.Array(Type.Array(Type.Union([Type.String(), Type.Number()]))),
});

export const BenchPart = Type.Object({
  part: Type.String(),
  title: Type.String(),
  measuredAt: time(),
  tookSec: Type.Number(),
  rounds: Type.Integer(),
  quick: Type.Boolean({ description: 'too small to be worth anything but a look' }),
  environment: Type.Object({ machine: Type.String(), versions: Type.Record(Type.String(), Type.String()) }),
  load: Type.Object({ average: Type.Number(), busy: Type.Boolean() }, { description: 'of the machine, before anything was started' }),
  settings: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  measures: Type.Array(Measure),
  checks: Type.Array(Type.Object({ claim: Type.String(), held: Type.Boolean(), detail: Type.String() })),
  curves: Type.Optional(Type.Array(Curve)),
  grids: Type.Optional(Type.Array(Grid)),
  missing: Type.Optional(Type.Array(Type.String(), { description: 'peers that are not on this machine, and why' })),
});

export const Bench = Type.Array(BenchPart);

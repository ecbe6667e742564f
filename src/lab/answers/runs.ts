/** What `results`, `results compare` and `record` print, and how a run stands beside those before it. */
import Type from 'typebox';
import { nullable, pair, time } from '../wire/schema-parts.ts';

const facts = Type.Array(Type.Object({ name: Type.String(), value: Type.String() }));
const verdict = Type.Enum(['held', 'not-held', 'inconclusive']);
const curves = Type.Record(Type.String(), Type.Array(pair(Type.Number(), Type.Number())), {
  description: 'lag over time of each group: seconds since the run began, and records',
});

export const Results = Type.Array(
  Type.Object({
    run: Type.String({ description: 'what it is called on the command line: its folder below results/' }),
    kind: Type.Enum(['scenario', 'crash-test']),
    name: Type.String({ description: 'of the scenario or the system' }),
    startedAt: time(),
    durationMs: Type.Number(),
    verdict,
    checks: Type.Integer(),
    held: Type.Integer({ description: 'checks that held' }),
    isRecorded: Type.Boolean(),
    folder: Type.String(),
  }),
  { description: 'the newest first' },
);

const RunFacts = Type.Object({
  kind: Type.Enum(['scenario', 'crash-test']),
  name: Type.String(),
  title: Type.String(),
  id: Type.String(),
  startedAt: time(),
  durationMs: Type.Number(),
  verdict,
  checks: Type.Array(
    Type.Object({
      claim: Type.String(),
      held: Type.Boolean(),
      expected: Type.String(),
      measured: Type.String(),
      lookAt: Type.Optional(Type.String()),
    }),
  ),
  figures: Type.Array(Type.Object({ name: Type.String(), value: Type.Number(), unit: Type.String() })),
  conditions: facts,
  curves,
  isRecorded: Type.Boolean(),
});

const checkDifferences = Type.Array(
  Type.Object({
    claim: Type.String(),
    before: nullable(Type.String()),
    after: nullable(Type.String()),
    heldBefore: nullable(Type.Boolean()),
    heldAfter: nullable(Type.Boolean()),
  }),
  { description: 'checks that held in one of them only, or are in one of them only' },
);

const conditionDifferences = Type.Array(
  Type.Object({ name: Type.String(), before: nullable(Type.String()), after: nullable(Type.String()) }),
  { description: 'what was not the same' },
);

export const RunComparison = Type.Object({
  before: RunFacts,
  after: RunFacts,
  checks: checkDifferences,
  figures: Type.Array(
    Type.Object({
      name: Type.String(),
      unit: Type.String(),
      before: nullable(Type.Number()),
      after: nullable(Type.Number()),
      change: nullable(Type.Number(), 'share of before'),
    }),
  ),
  conditions: conditionDifferences,
});

/** Beside the runs of the same name before it on the same machine. */
export const History = Type.Object({
  runs: Type.Array(Type.Object({ id: Type.String(), startedAt: time(), verdict }), { description: 'the newest first' }),
  figures: Type.Array(
    Type.Object({
      name: Type.String(),
      unit: Type.String(),
      now: Type.Number(),
      last: nullable(Type.Number()),
      median: nullable(Type.Number()),
    }),
  ),
  checks: checkDifferences,
  conditions: conditionDifferences,
  curves,
});

export const Recorded = Type.Object({ file: Type.String(), bytes: Type.Integer() });

/** What `crash-test`, `compare` and `systems` print: what was done to a system, and what came out. */

import Type from 'typebox';
import { type Anomaly, anomalies, nearText } from '../ledger/jepsen-words.ts';
import { nullable, RecordPlace, time } from '../wire/schema-parts.ts';

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
    description: `what was under way ${nearText} of it`,
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
      target: Type.String({ description: 'invoicer.2, broker 1, payments/0@1234' }),
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

export const SystemNew = Type.Object({
  name: Type.String({ description: 'as its system.yaml has it, made of the name of the folder' }),
  folder: Type.String(),
  files: Type.Array(Type.String(), { description: 'what was written, with the path of each' }),
});

export const SystemFileSchema = Type.Object(
  { $schema: Type.String(), title: Type.String(), type: Type.String(), properties: Type.Unknown() },
  { additionalProperties: true, description: 'JSON Schema of system.yaml' },
);

/** What the lab says of what it sees: sentences, causes, a verdict on each group. */
import Type, { type Static } from 'typebox';
import { nullable, time } from './schema-parts.ts';

/** Of the sentences about any system; one that a system alone has is another. */
export const insightIds = [
  'hot-partition',
  'idle-instance',
  'strangers',
  'out-of-range',
  'retention',
  'throttled',
  'paused',
  'rebalancing',
  'stalled',
  'stopped',
  'growing',
  'draining',
  'crashed',
  'open-transaction',
  'kafka-away',
  'noted',
  'starting',
  'all-read',
] as const;

export const Insight = Type.Object({
  id: Type.String({ description: 'stable' }),
  level: Type.Enum(['info', 'warn', 'bad']),
  group: nullable(Type.String(), 'the consumer group that it is about'),
  text: Type.String({ description: 'partition 2 holds 81% of the lag: more instances cannot help' }),
});
export type Insight = Static<typeof Insight>;

const markKinds = [
  'burst',
  'set',
  'scale',
  'stop',
  'start',
  'kill',
  'crash',
  'rebalance',
  'reset',
  'replay',
  'record',
  'redrive',
  'dead-letter',
  'scenario',
  'kafka',
  'forecast',
  'digest',
] as const;

/** Something that happened and that explains the curves. */
export const Mark = Type.Object({
  id: Type.Integer(),
  atMs: Type.Integer({ description: 'when it happened (ms since 1970)' }),
  kind: Type.Enum([...markKinds]),
  subject: Type.String({ description: 'a process, a service, a group or a topic' }),
  text: Type.String({ description: 'scaled to 3, throttle=10ms, killed by SIGKILL' }),
});
export type Mark = Static<typeof Mark>;
export type MarkKind = Mark['kind'];

/** Burrow's names. */
export const Verdict = Type.Enum(['OK', 'WARN', 'ERR', 'STOP', 'STALL', 'REWIND', 'NOTFOUND'], {
  description: 'WARN: lag grows; STALL: has lag and commits nothing; STOP: nobody reads; REWIND: went back; NOTFOUND: no such group',
});
export type Verdict = Static<typeof Verdict>;

export const Trend = Type.Object({
  direction: Type.Enum(['growing', 'steady', 'draining']),
  perSec: Type.Number({ description: 'change of the total lag per second; below 0 while it drains' }),
});
export type Trend = Static<typeof Trend>;

export const Autoscaler = Type.Object(
  { wanted: Type.Integer(), running: Type.Integer(), lagThreshold: Type.Integer(), text: Type.String() },
  { description: "what KEDA's Kafka scaler would choose (lagThreshold 1000, allowIdleConsumers false)" },
);
export type Autoscaler = Static<typeof Autoscaler>;

const GroupExplanation = Type.Object({
  group: Type.String(),
  service: Type.String({ description: 'what reads in it' }),
  state: Type.String({ description: "of the group, in Kafka's words" }),
  members: Type.Integer(),
  totalLag: nullable(Type.Integer(), 'records'),
  ageSec: nullable(Type.Number(), 'age of the oldest record that is not read yet; null where there is none'),
  readPerSec: nullable(Type.Number()),
  trend: nullable(Trend),
  drainSec: nullable(Type.Number(), 'until all is read at the measured pace; null where that is not to be seen'),
  verdict: Verdict,
  verdictText: Type.String({ description: 'why, in one sentence' }),
  autoscaler: Autoscaler,
});

/** As the page has it: its sentences, its groups, and what happened lately. */
export const Explanation = Type.Object({
  at: time(),
  insights: Type.Array(Insight, { description: 'what is seen and what it comes from, the worst first' }),
  groups: Type.Array(GroupExplanation),
  causes: Type.Array(Type.Object({ at: time(), kind: Mark.properties.kind, subject: Type.String(), text: Type.String() }), {
    description: 'what happened in the last 15 minutes that the lag may come from, the newest first',
  }),
});
export type Explanation = Static<typeof Explanation>;

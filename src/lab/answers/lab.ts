/** What verbs about the lab and its processes print: `up`, `ps`, `down`, `reset`, `logs`, `scale`, `kill`, `set`, `burst`, `doctor`, ... */
import Type, { type Static } from 'typebox';
import { RuntimeSettings } from '../../pipeline/settings/runtime-settings.ts';
import { ProcessView } from '../wire/lab-state.ts';
import { nullable } from '../wire/schema-parts.ts';

export const Down = Type.Object({
  wasRunning: Type.Boolean(),
  orphansEnded: Type.Integer({ description: 'processes that a killed lab had left, and that were ended' }),
});

export const Place = Type.Object(
  { path: Type.String(), what: Type.String() },
  { description: 'something that a lab leaves on the machine' },
);
export type Place = Static<typeof Place>;

export const Reset = Type.Object({ deleted: Type.Array(Type.String(), { description: 'paths' }), kept: Type.Array(Place) });

export const LogEntry = Type.Object({
  name: Type.String({ description: 'of the process: lab, kafka, or one of ./lab ps' }),
  at: Type.String({ description: 'when it was written (RFC 3339); empty where the line and those before it do not say' }),
  text: Type.String({ description: 'the line as it was written' }),
});

export const Healthy = Type.Array(ProcessView);

/** Without the memory, which is not measured for that. */
export const Ended = Type.Array(Type.Omit(ProcessView, ['rssBytes']));

export const SetNow = Type.Object({
  service: Type.String(),
  set: Type.Partial(RuntimeSettings, { description: 'what is set; a field that is missing has the value that the service started with' }),
});

export const SystemSetNow = Type.Object({
  service: Type.String(),
  set: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
    description: 'by the names that the service reads',
  }),
});

export const Burst = Type.Object({
  produced: Type.Integer({ description: 'acknowledged by Kafka' }),
  remaining_in_queue: Type.Integer({ description: '0, or what a burst that was stopped has not sent' }),
  duration_ms: Type.Number(),
  events_per_sec: Type.Integer(),
  run_id: Type.Optional(Type.String({ description: 'what one burst sent has it in its ids, where the lab runs its own pipeline' })),
});

export const Finding = Type.Object({
  check: Type.String(),
  state: Type.Enum(['ok', 'warn', 'fail'], {
    description: 'warn: the lab runs here as things are, but something else will not work; fail: the lab cannot run',
  }),
  found: Type.String(),
  todo: nullable(Type.String(), 'what to do about it'),
});
export type Finding = Static<typeof Finding>;

export const Doctor = Type.Array(Finding);

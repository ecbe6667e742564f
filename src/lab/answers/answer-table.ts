/**
 * What verbs about systems of anybody print with `--json`, by name: the schema is what is published, and gives the type of what is printed.
 * Who knows a system adds what verbs print of it.
 */
import type { Static, TSchema } from 'typebox';
import { Compare, CrashTest, SystemFileSchema, SystemNew, Systems } from './crash-tests.ts';
import { Failure } from './failure.ts';
import { Results, RunComparison } from './runs.ts';

/** `value`: one JSON value, over several lines. `lines`: a stream, of which each line is one. */
export type AnswerFacts = { command: string; what: string; prints: 'value' | 'lines'; schema: TSchema };

export const value = <T extends TSchema>(command: string, what: string, schema: T) => ({ command, what, prints: 'value', schema }) as const;
export const lines = <T extends TSchema>(command: string, what: string, schema: T) => ({ command, what, prints: 'lines', schema }) as const;

export const answers = {
  results: value('results', 'the runs of this machine', Results),
  'results-compare': value('results compare', 'what differs between two runs', RunComparison),
  'crash-test': value('crash-test', 'the verdict on a system', CrashTest),
  compare: value('compare', 'the verdicts on several systems', Compare),
  systems: value('systems', 'the systems that come with it', Systems),
  'system-new': value('system new', 'the system that was written', SystemNew),
  'system-schema': value('system schema', 'the schema of system.yaml, without --json too', SystemFileSchema),
  error: value('', 'the last line on stderr where a verb fails', Failure),
} as const satisfies Answers;

/** Answers by their names. */
export type Answers = Record<string, AnswerFacts>;

/** What a schema allows, as code has it: lists that are not changed, and undefined where JSON leaves a field out. */
type Printable<T> = unknown extends T
  ? unknown
  : T extends readonly unknown[]
    ? { readonly [K in keyof T]: Printable<T[K]> }
    : T extends object
      ? { readonly [K in keyof T]: Printable<T[K]> | (undefined extends T[K] ? undefined : never) }
      : T;

/** What a verb gives to be printed, as a table of answers has it. */
export type AnswerOf<Table extends Answers, N extends keyof Table> = Printable<Static<Table[N]['schema']>>;

export type AnswerName = keyof typeof answers;
export type Answer<N extends AnswerName> = AnswerOf<typeof answers, N>;

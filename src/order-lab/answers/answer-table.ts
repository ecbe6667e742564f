/** Every answer of `--json` by its name: those about any lab, and those about orders. */
import Type from 'typebox';
import { type AnswerOf, type Answers, lines, answers as ofAnyLab, value } from '../../lab/answers/answer-table.ts';
import { Autoscale, Backups, Groups, Lag, LagLook, OffsetsPlan, ShareReset, WhatIf } from '../../lab/answers/groups.ts';
import { Burst, Doctor, Down, Ended, Healthy, LogEntry, Reset, SetNow, SystemSetNow } from '../../lab/answers/lab.ts';
import { Letters, OneLetter, Redriven, TopicRecord } from '../../lab/answers/records.ts';
import { Recorded } from '../../lab/answers/runs.ts';
import { SystemLedger, SystemReplay } from '../../lab/answers/system-counts.ts';
import { Metrics } from '../../pipeline/analytics/metrics.ts';
import { Explanation } from '../wire/explanation.ts';
import { LabState } from '../wire/lab-state.ts';
import { Bench } from './bench.ts';
import { Ledger, Replay } from './counts.ts';
import { Runs, Scenarios } from './exercises.ts';

const Schemas = Type.Array(
  Type.Object({
    name: Type.String({ description: 'for ./lab schema <name>' }),
    command: Type.String({ description: 'what prints it, with --json' }),
    prints: Type.Enum(['value', 'lines'], { description: 'lines: a stream, of which each line fits the schema' }),
    what: Type.String(),
  }),
);

/** In the order of the help. */
export const answers = {
  up: value('up', 'the lab, once all is healthy', LabState),
  down: value('down', 'what was running', Down),
  reset: value('reset', 'what was deleted and what is left', Reset),
  ps: value('ps', 'the lab and its processes', LabState),
  logs: lines('logs', 'a line of a log', LogEntry),
  stop: value('stop', 'the processes that were stopped', Ended),
  start: value('start', 'the processes that were started, healthy', Healthy),
  restart: value('restart', 'the processes that were started again, healthy', Healthy),
  kill: value('kill', 'the processes that were killed', Ended),
  scale: value('scale', 'the processes of the service, healthy', Healthy),
  'scale-what-if': value('scale --what-if', 'who would read what, and when the lag would be gone', WhatIf),
  set: value('set', 'what is set for a service', SetNow),
  'set-system': value('set', 'what is set for a service of a system of anybody', SystemSetNow),
  burst: value('burst', 'how many were sent, and how fast', Burst),
  explain: value('explain', 'what is seen, and what it comes from', Explanation),
  lag: value('lag', 'the lag of groups, partition by partition', Lag),
  'lag-watch': lines('lag --watch', 'the lag of groups at one moment', LagLook),
  autoscale: value('autoscale', 'what KEDA would have done over the last 15 minutes', Autoscale),
  'lag-groups': value('lag --groups', 'all groups of this Kafka', Groups),
  'offsets-plan': value('offsets plan', 'what a reset would do', OffsetsPlan),
  'offsets-reset': value('offsets reset', 'what a reset would do, or has done', OffsetsPlan),
  'offsets-share': value('offsets plan, offsets reset', 'the same for a share group', ShareReset),
  'offsets-undo': value('offsets undo', 'what an undo would do, or has done', OffsetsPlan),
  'offsets-backups': value('offsets undo --list', 'the backups of a group', Backups),
  replay: value('replay', 'the metrics before and after, and whether they are identical', Replay),
  'replay-system': value('replay', 'the digest of a system of anybody before and after', SystemReplay),
  'dlq-list': value('dlq list', 'dead letters, why, and what became of them', Letters),
  'dlq-show': value('dlq show', 'one dead letter', OneLetter),
  'dlq-redrive': value('dlq redrive', 'what would be sent back, or was', Redriven),
  ledger: value('ledger', 'every order against every decision', Ledger),
  'ledger-system': value('ledger', 'the same of a system of anybody: the ids that came in against those that went out', SystemLedger),
  tail: lines('tail', 'a record', TopicRecord),
  metrics: value('metrics', 'what analytics-service has counted', Metrics),
  'metrics-watch': lines('metrics --watch', 'what analytics-service has counted at one moment', Metrics),
  run: value('run', 'the reports of the runs', Runs),
  scenarios: value('scenarios', 'the exercises', Scenarios),
  record: value('record', 'the recording that was written', Recorded),
  results: ofAnyLab.results,
  'results-compare': ofAnyLab['results-compare'],
  'crash-test': ofAnyLab['crash-test'],
  compare: ofAnyLab.compare,
  systems: ofAnyLab.systems,
  'system-new': ofAnyLab['system-new'],
  'system-schema': ofAnyLab['system-schema'],
  bench: value('bench', 'what each part has measured', Bench),
  doctor: value('doctor', 'what was found on this machine', Doctor),
  schema: value('schema', 'the schemas that there are', Schemas),
  error: ofAnyLab.error,
} as const satisfies Answers;

export type AnswerName = keyof typeof answers;

/** What a verb gives to be printed. */
export type Answer<N extends AnswerName> = AnswerOf<typeof answers, N>;

/** @returns the JSON Schema that is published, with where it is */
export function publishedSchema(name: AnswerName): object {
  const { command, what, prints, schema } = answers[name];
  const by = `${prints === 'lines' ? 'a line of ' : ''}./lab ${command || '<verb>'} --json`;
  const title = `${by}: ${what}`;
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', title, ...(schema as object) };
}

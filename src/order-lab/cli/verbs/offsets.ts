/** `./lab offsets plan|reset|undo`: moves a group in its topics, as Kafka's own tool does, with a preview, a backup and a way back. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { ReplaygroundError } from '../../../kafka/errors.ts';
import { readGroupState } from '../../../kafka/groups/group-state.ts';
import { listBackups, readBackup } from '../../../kafka/offsets/backup.ts';
import { formatOffsets } from '../../../kafka/offsets/csv.ts';
import type { Plan } from '../../../kafka/offsets/plan.ts';
import { executeReset, isInactive, planNow, type ResetRequest } from '../../../kafka/offsets/reset.ts';
import { parseScope, type Scope } from '../../../kafka/offsets/scope.ts';
import { parseTarget, type TargetOptions } from '../../../kafka/offsets/target.ts';
import { resetShareOffsets } from '../../../lab/broker/share-groups.ts';
import { elsewhere } from '../../../lab/commands/other-group.ts';
import { readingGroups } from '../../../lab/supervisor/reading-groups.ts';
import { usageError } from '../../../lab/terminal/exit-codes.ts';
import { note, print, printTable, withJson } from '../../../lab/terminal/output.ts';
import type { SystemFacts } from '../../../lab/wire/system-facts.ts';
import { printJson } from '../../answers/print-answer.ts';
import { type KafkaClients, openKafka } from '../../client/kafka-clients.ts';
import { OtherGroups } from '../other-groups.ts';
import { groupCalled, topicCalled } from '../other-names.ts';
import { shareResetArguments } from '../share-reset.ts';

type Output = { execute?: boolean; export?: boolean; json?: boolean };
type ResetOptions = TargetOptions & Output & { group: string; topic: string[]; allTopics?: boolean };
type UndoOptions = Output & { group: string; from?: string; list?: boolean };

export function register(program: Command): void {
  const offsets = program.command('offsets').description('look at and move the offsets of a consumer group, or of a share group');
  resetCommand(offsets, 'plan')
    .description('what a reset would do; changes nothing')
    .addHelpText('after', '\nExample:\n  ./lab offsets plan --group analytics-group --all-topics --by-duration PT10M')
    .action((options: ResetOptions) => reset({ ...options, execute: false }));
  resetCommand(offsets, 'reset')
    .description('move a group without members; a dry run unless --execute')
    .option('--execute', 'do it; what was there before is kept in a backup')
    .addHelpText(
      'after',
      '\nExamples:\n  ./lab stop analytics-service\n  ./lab offsets reset --group analytics-group --topic order-events --topic inventory-events --to-earliest --execute\n  ./lab start analytics-service',
    )
    .action(reset);
  withJson(offsets.command('undo'))
    .description('put back what the last reset of a group has changed; a dry run unless --execute')
    .requiredOption('--group <group>', 'consumer group')
    .option('--from <file>', 'another backup than the newest')
    .option('--list', 'only list the backups of the group')
    .option('--execute', 'do it; an undo leaves a backup too, so that it can be undone')
    .option('--export', 'print CSV topic,partition,offset')
    .addHelpText('after', '\nExample:\n  ./lab offsets undo --group analytics-group --execute')
    .action(undo);
}

function resetCommand(offsets: Command, name: string): Command {
  const collect = (value: string, before: string[]): string[] => [...before, value];
  return withJson(offsets.command(name))
    .requiredOption('--group <group>', 'consumer group')
    .option('--topic <topic[:0,1]>', 'a topic, or some partitions of it; can be repeated', collect, [])
    .option('--all-topics', 'every partition that the group has committed')
    .option('--to-earliest', 'to the beginning')
    .option('--to-latest', 'to the end')
    .option('--to-current', 'to where it is; to the end where nothing is committed')
    .option('--to-offset <n>', 'to this offset')
    .option('--shift-by <n>', 'forwards, or backwards with a number below 0')
    .option('--to-datetime <time>', 'to the first record at or after this time (RFC 3339, UTC where it has no offset)')
    .option('--by-duration <PnDTnHnMnS>', 'to the first record of the last so many days, hours, minutes, seconds')
    .option('--from-file <file.csv>', 'to what a file says, topic,partition,offset per line')
    .option('--export', 'print CSV topic,partition,offset');
}

async function reset(options: ResetOptions): Promise<void> {
  const readText = (path: string): string => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      throw new ReplaygroundError('usage', `--from-file ${path} cannot be read: ${(error as Error).message}`, { cause: error });
    }
  };
  const target = parseTarget(options, Date.now(), readText, options.group);
  const scope = parseScope(options.topic, options.allTopics === true);
  if (scope === undefined && target.kind !== 'file')
    throw usageError('which partitions? --topic <topic[:0,1]>, can be repeated, or --all-topics');
  using kafka = await openKafka();
  const group = await groupCalled(kafka, options.group);
  await planOrExecute(kafka, { group, target, scope: await scopeHere(kafka, scope) }, options);
}

/** The scope with the topics as they are called here. */
async function scopeHere(kafka: KafkaClients, scope: Scope | undefined): Promise<Scope | undefined> {
  if (scope === undefined || scope === 'all') return scope;
  return Promise.all(scope.map(async ({ topic, partitions }) => ({ topic: await topicCalled(kafka, topic), partitions })));
}

async function undo({ group: name, from, list, ...output }: UndoOptions): Promise<void> {
  using kafka = await openKafka();
  const group = await groupCalled(kafka, name);
  if (list) {
    const backups = listBackups(kafka.settings.labHome, group);
    if (output.json) printJson<'offsets-backups'>(backups);
    else for (const path of backups) print(path);
    return;
  }
  const { path, offsets } = readBackup(kafka.settings.labHome, group, from);
  note(`lab: from ${path}`);
  await planOrExecute(kafka, { group, target: { kind: 'file', offsets }, scope: undefined }, output);
}

async function planOrExecute(kafka: KafkaClients, request: ResetRequest, output: Output): Promise<void> {
  const { group } = request;
  const state = await readGroupState(kafka.inspector, group);
  const other = await new OtherGroups(kafka.settings).find({ group, state });
  if (other?.type === 'Share') return await resetShareGroup(kafka, request, output);
  if (other) throw new ReplaygroundError('wrong-group-type', elsewhere(other, 'reset') ?? '');
  const howToStop = stopHint(kafka.system, group);
  if (output.execute) {
    const { backup, ...plan } = await executeReset(kafka, { ...request, howToStop }, kafka.settings.labHome);
    show(group, plan, output, { backup });
    note(`lab: done and read back. Back to what was before: ./lab offsets undo --group ${group} --execute`);
    return;
  }
  const plan = await planNow(kafka.inspector, request);
  const active = isInactive(state) ? [] : [`the group is ${state}: before --execute, ${howToStop}`];
  show(group, { ...plan, warnings: [...plan.warnings, ...active] }, output, {});
  if (!output.export && !output.json) note('lab: nothing was changed (dry run)');
}

/** A share group has no offsets of before to go back to: no backup, and no undo. */
async function resetShareGroup({ settings, system }: KafkaClients, request: ResetRequest, output: Output): Promise<void> {
  const { group, scope, target } = request;
  const execute = output.execute === true;
  const rows = await resetShareOffsets(settings, group, shareResetArguments(scope, target), execute).catch((error: Error) => {
    if (!/is not empty/.test(error.message)) throw error;
    const service = system.services.find((one) => one.shareGroup === group)?.name;
    const hint = service ? `./lab scale ${service}=0, and up again afterwards` : 'stop its consumers, and start them afterwards';
    throw new ReplaygroundError('group-active', `the share group ${group} has members: ${hint}`, { cause: error });
  });
  if (output.json) printJson<'offsets-share'>({ group, type: 'Share', executed: execute, partitions: rows });
  else if (output.export) process.stdout.write(formatOffsets(rows.map(({ newOffset, ...one }) => ({ ...one, offset: newOffset }))));
  else
    printTable(
      ['GROUP', 'TOPIC', 'PARTITION', 'NEW-OFFSET'],
      rows.map(({ topic, partition, newOffset }) => [group, topic, partition, newOffset]),
    );
  if (!output.export && !output.json)
    note(execute ? 'lab: done; what was accepted behind it is delivered again' : 'lab: nothing was changed (dry run)');
}

function stopHint(system: SystemFacts, group: string): string {
  const service = readingGroups(system).find((one) => one.group === group)?.service;
  return service ? `./lab stop ${service}, and ./lab start ${service} afterwards` : 'stop its consumers, and start them afterwards';
}

function show(group: string, { rows, warnings }: Plan, { json, export: asCsv }: Output, done: { backup?: string }): void {
  if (json) {
    const partitions = rows.map(({ before, newOffset, delta, ...row }) => ({
      ...row,
      before: before ?? null,
      newOffset: newOffset ?? null,
      delta: delta ?? null,
    }));
    printJson<'offsets-reset'>({ group, executed: done.backup !== undefined, partitions, warnings, backup: done.backup ?? null });
    return;
  }
  for (const warning of warnings) note(`lab: warning: ${warning}`);
  if (asCsv)
    process.stdout.write(formatOffsets(rows.map(({ topic, partition, newOffset }) => ({ topic, partition, offset: newOffset ?? -1 }))));
  else {
    printTable(
      ['GROUP', 'TOPIC', 'PARTITION', 'NEW-OFFSET', 'BEFORE', 'DELTA'],
      rows.map(({ topic, partition, newOffset, before, delta }) => [group, topic, partition, newOffset, before, delta]),
    );
  }
}

/** `./lab lag`: how far the consumer groups are, in the columns of Kafka's own tool. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { type GroupState, readGroup } from '../../../kafka/groups/group-state.ts';
import { type LagRow, type LagSample, type LagTrend, lagRows, lagTrend, totalLag } from '../../../kafka/groups/lag.ts';
import { nearness, type RetentionUse, retentionText } from '../../../kafka/groups/retention.ts';
import { partitionKey } from '../../../kafka/partition.ts';
import type { GroupLag, ListedGroup, ShareGroupLag } from '../../../lab/answers/groups.ts';
import { listGroups } from '../../../lab/broker/group-types.ts';
import { elsewhere } from '../../../lab/commands/other-group.ts';
import { readingGroups } from '../../../lab/supervisor/reading-groups.ts';
import { type Cell, note, print, printTable, withJson } from '../../../lab/terminal/output.ts';
import { rateSec } from '../../../lab/watch/forecast/when-gone.ts';
import type { FourLags } from '../../../lab/watch/verdict/four-lags.ts';
import { strangersText } from '../../../lab/watch/verdict/strangers.ts';
import type { SystemFacts } from '../../../lab/wire/system-facts.ts';
import { printJson, printJsonLine } from '../../answers/print-answer.ts';
import { type KafkaClients, openKafka } from '../../client/kafka-clients.ts';
import { findLab } from '../../client/lab-client.ts';
import { isPipeline, ownNames } from '../../supervisor/service-table.ts';
import type { GroupView } from '../../wire/all.ts';
import { type Behind, lookBehind, showBehind } from '../lag-behind.ts';
import { type Retention, RetentionLook } from '../lag-retention.ts';
import { OtherGroups } from '../other-groups.ts';
import { groupCalled } from '../other-names.ts';
import { lookAtShareGroup, type ShareLook } from '../share-lag.ts';
import { type Gone, goneOf, toldByLab } from '../when-lag-is-gone.ts';

type Options = { watch?: boolean; members?: boolean; state?: boolean; groups?: boolean; behind?: boolean; json?: boolean };

const watchIntervalMs = 1000;
/** Batches have a rhythm: the trend is over so long (ms). */
const trendWindowMs = 5000;
const lagHeaders = ['GROUP', 'TOPIC', 'PARTITION', 'CURRENT-OFFSET', 'LOG-END-OFFSET', 'LAG', 'CONSUMER-ID', 'HOST', 'CLIENT-ID'];
const memberHeaders = ['GROUP', 'CONSUMER-ID', 'HOST', 'CLIENT-ID', '#PARTITIONS', 'TYPE'];
const stateHeaders = ['GROUP', 'COORDINATOR (ID)', 'ASSIGNMENT-STRATEGY', 'STATE', '#MEMBERS', 'TYPE'];
const groupHeaders = ['GROUP', 'TYPE', 'PROTOCOL'];

export function register(program: Command): void {
  withJson(program.command('lag'))
    .description('how far the consumer groups are, partition by partition')
    .argument('[group...]', 'groups; without any, those of the system that runs')
    .option('-w, --watch', 'again each second, with the total, its trend and when it is gone')
    .option('--members', 'the members of the groups instead')
    .option('--state', 'the state of the groups instead')
    .option('--behind', 'four lags side by side: to the end, to the last stable offset, what is fetched, what is not visible yet')
    .option('--groups', 'all groups of this Kafka instead, with their type: classic, consumer, share, streams')
    .addHelpText('after', '\nFrom half of retention.ms on, it warns when the oldest unread record may be deleted at the earliest.')
    .addHelpText('after', '\nExamples:\n  ./lab lag\n  ./lab lag --watch inventory-service-group\n  ./lab lag --behind\n  ./lab lag --json')
    .action(run);
}

async function run(names: string[], options: Options): Promise<void> {
  using kafka = await openKafka();
  if (options.groups) return showGroups(await listGroups(kafka.settings), options);
  const called = await Promise.all(names.map((name) => groupCalled(kafka, name)));
  const shared = called.length > 0 ? [] : await workingShareGroups(kafka);
  const groups = [...groupsToShow(called, kafka.system), ...shared.map((group) => ({ group, topics: [] }))];
  await using retention = new RetentionLook(kafka);
  const otherGroups = new OtherGroups(kafka.settings);
  const asksLab = !(options.members || options.state || (options.watch && !options.behind));
  const look = async (): Promise<GroupLook[]> => {
    const told = asksLab ? await toldByLab(kafka.settings.labHome) : new Map<string, GroupView>();
    return await lookAt(await readAll(kafka, groups), options, { retention, otherGroups, kafka, told });
  };
  if (options.watch) return await watch(look, options);
  const states = await look();
  show(states, options);
  await noteStrangers(kafka, states);
}

/** @returns the share groups in which services of the running lab work now: to look at one takes seconds */
async function workingShareGroups({ settings, system }: KafkaClients): Promise<string[]> {
  const processes = (await (await findLab(settings.labHome))?.state())?.processes ?? [];
  return system.services.flatMap(({ name, shareGroup }) =>
    shareGroup !== undefined && processes.some(({ service }) => service === name) ? [shareGroup] : [],
  );
}

/** In the groups that the running lab reads in. */
async function noteStrangers({ settings, system }: KafkaClients, states: readonly GroupState[]): Promise<void> {
  const processes = (await (await findLab(settings.labHome))?.state())?.processes;
  if (processes === undefined) return;
  const services = new Map(readingGroups(system).map(({ group, service }) => [group, service]));
  for (const state of states) {
    const service = services.get(state.group);
    const own = processes.filter((one) => one.service === service && one.state !== 'stopped').length;
    const text = service === undefined ? null : strangersText({ ...state, own, ownNames: isPipeline(system) ? ownNames : null });
    if (text !== null) note(`lab: ${text}`);
  }
}

type GroupToShow = { group: string; topics: string[] };

/** The system's groups are known to read its topics, also before their first commit. */
function groupsToShow(names: string[], system: SystemFacts): GroupToShow[] {
  const known = new Map(readingGroups(system).map(({ group, topics }) => [group, topics]));
  return (names.length > 0 ? names : [...known.keys()]).map((group) => ({ group, topics: known.get(group) ?? [] }));
}

const readAll = (kafka: KafkaClients, groups: readonly GroupToShow[]): Promise<GroupState[]> =>
  Promise.all(groups.map(({ group, topics }) => readGroup(kafka.inspector, group, topics)));

/**
 * With how near retention is and the four lags, where lag is shown, what the group is where it is no consumer group, how a share group is, and when its lag is
 * gone as the lab says.
 */
type GroupLook = GroupState & {
  retention: Retention;
  other: ListedGroup | undefined;
  share: ShareLook | undefined;
  behind: Behind;
  gone: Gone | undefined;
};

type LookedAtBy = {
  retention: RetentionLook;
  otherGroups: OtherGroups;
  kafka: Pick<KafkaClients, 'inspector' | 'settings'>;
  told: ReadonlyMap<string, GroupView>;
};

async function lookAt(
  states: readonly GroupState[],
  { members, state, behind, json }: Options,
  { retention, otherGroups, kafka, told }: LookedAtBy,
): Promise<GroupLook[]> {
  const looks: GroupLook[] = [];
  // One after the other: they share a consumer.
  for (const one of states) {
    const near: Retention = members || state ? new Map() : await retention.at(one);
    const other = await otherGroups.find(one);
    const share = other?.type === 'Share' ? await lookAtShareGroup(kafka.settings, one.group, { members, state, json }) : undefined;
    const view = told.get(one.group);
    const four: Behind = share || members || state || !(behind || json) ? new Map() : await lookBehind(kafka, one, view, behind ?? false);
    const gone = view && { sec: view.drainSec, text: view.goneText };
    looks.push({ ...one, retention: near, other, share, behind: four, gone });
  }
  return looks;
}

function showGroups(groups: readonly ListedGroup[], { json }: Options): void {
  if (json) printJson<'lag-groups'>(groups);
  else
    printTable(
      groupHeaders,
      groups.map(({ group, type, protocol }) => [group, type, protocol || undefined]),
    );
}

async function watch(look: () => Promise<GroupLook[]>, options: Options): Promise<void> {
  const previous = new Map<string, GroupState[]>();
  for (;;) {
    const states = await look().catch((error: Error) => note(`lab: ${error.message}`));
    if (states) {
      if (process.stdout.isTTY && !options.json) process.stdout.write('\u001b[H\u001b[J');
      show(states, options, previous);
      for (const state of states) {
        const recent = (previous.get(state.group) ?? []).filter((one) => one.atMs >= state.atMs - rateSec * 1000);
        previous.set(state.group, [...recent, state]);
      }
    }
    await sleep(watchIntervalMs);
  }
}

function show(
  states: readonly GroupLook[],
  { json, members, state, behind, watch: watching }: Options,
  previous = new Map<string, GroupState[]>(),
): void {
  if (json) {
    const value = states.map((one) => asJson(one, previous.get(one.group) ?? []));
    // One line per sample, so that a reader of the stream can take it line by line.
    if (watching) printJsonLine<'lag-watch'>({ at: new Date().toISOString(), groups: value });
    else printJson<'lag'>(value);
    return;
  }
  states.forEach((one, index) => {
    if (index > 0) print();
    if (one.share) {
      one.share.show();
      return;
    }
    if (one.members.length === 0) note(inactive(one));
    if (state) printTable(stateHeaders, [stateCells(one)]);
    else if (members) printTable(memberHeaders, memberCells(one));
    else if (behind) showBehind(one, one.behind);
    else showLag(one);
    if (watching) print(summary(one, previous.get(one.group) ?? []));
  });
  if (watching && !process.stdout.isTTY) print();
}

function showLag({ group, partitions, retention, gone }: GroupLook): void {
  const rows = lagRows(group, partitions);
  printTable(lagHeaders, rows.map(lagCells));
  if (gone && totalLag(rows)) note(`lab: the lag of ${group}: ${gone.text}`);
  for (const row of rows) if (row.note) note(`lab: ${row.note}`);
  for (const row of rows) {
    const use = retention.get(partitionKey(row)) ?? null;
    if (use && nearness(use)) note(`lab: ${retentionText(row, group, use)}`);
  }
  for (const { topic, partition, error } of rows) if (error) note(`lab: ${topic} partition ${partition} cannot be read: ${error}`);
}

/** As Kafka's tool says it. */
const inactive = ({ group, state, other }: GroupLook): string =>
  state === 'Dead'
    ? (other && elsewhere(other, 'look')) || `Consumer group '${group}' does not exist.`
    : state === 'Unknown'
      ? `Consumer group '${group}': its coordinator does not answer.`
      : `Consumer group '${group}' has no active members.`;

const lagCells = (row: LagRow): Cell[] => [
  row.group,
  row.topic,
  row.partition,
  row.currentOffset,
  row.logEndOffset,
  row.lag,
  row.consumerId,
  row.host,
  row.clientId,
];

const memberCells = ({ group, type, members }: GroupState): Cell[][] =>
  members.map(({ consumerId, host, clientId, partitions }) => [group, consumerId, host, clientId, partitions.length, type]);

const stateCells = ({ group, type, coordinator, assignor, state, members, other }: GroupLook): Cell[] => [
  group,
  coordinator && `${coordinator.host}:${coordinator.port} (${coordinator.id})`,
  assignor || undefined,
  other ? undefined : state,
  members.length,
  other?.type ?? type,
];

/** Over the last seconds; undefined where there is only one look. */
function trendOf(now: GroupState, before: readonly GroupState[]): LagTrend | undefined {
  const first = before.find(({ atMs }) => atMs > now.atMs - trendWindowMs - watchIntervalMs);
  return first && lagTrend(lagSample(first), lagSample(now));
}

const lagSample = ({ group, atMs, partitions }: GroupState): LagSample => ({ atMs, rows: lagRows(group, partitions) });

function summary(now: GroupState, before: readonly GroupState[]): string {
  const { group, partitions } = now;
  const rows = lagRows(group, partitions);
  const unknown = rows.filter(({ lag }) => lag === undefined).length;
  const without = unknown > 0 ? ` (without ${unknown} of ${rows.length} partitions, whose lag is not known)` : '';
  const total = `total lag of ${group}: ${totalLag(rows) ?? '-'}${without}`;
  const trend = trendOf(now, before);
  if (!trend) return total;
  const { direction, perSec } = trend;
  const pace = direction === 'steady' ? 'steady' : `${direction} ${perSec > 0 ? '+' : ''}${perSec}/s`;
  return `${total}, ${pace}, ${goneOf(now, before).text}`;
}

/** A whole look has no pace: what the running lab measured is told instead. */
function asJson(one: GroupLook, before: readonly GroupState[]): GroupLag | ShareGroupLag {
  if (one.share) return one.share.json;
  const rows = lagRows(one.group, one.partitions);
  const { group, state, type, assignor, coordinator, members, atMs } = one;
  const trend = trendOf(one, before);
  const gone = before.length > 0 ? goneOf(one, before) : one.gone;
  return {
    group,
    state,
    type: one.other?.type ?? type,
    assignor,
    ...(coordinator && { coordinator }),
    at: new Date(atMs).toISOString(),
    totalLag: totalLag(rows) ?? null,
    ...(trend ? { trend: { ...trend, drainSec: gone?.sec ?? null } } : {}),
    forecast: gone ? { sec: gone.sec, text: gone.text } : null,
    members,
    partitions: rows.map((row) => partitionJson(row, one.retention.get(partitionKey(row)), one.behind.get(partitionKey(row)))),
  };
}

/** JSON leaves undefined out; a reader is better off with the same fields in every row. */
const partitionJson = (
  { topic, partition, currentOffset, logEndOffset, lag, consumerId, host, clientId, error, note }: LagRow,
  retention: RetentionUse | undefined,
  behind: FourLags | undefined,
): GroupLag['partitions'][number] => ({
  topic,
  partition,
  currentOffset: currentOffset ?? null,
  logEndOffset: logEndOffset ?? null,
  lag: lag ?? null,
  consumerId: consumerId ?? null,
  host: host ?? null,
  clientId: clientId ?? null,
  error: error ?? null,
  note: note ?? null,
  retention: retention ?? null,
  behind: behind ? { ...behind.records, matters: behind.matters, text: behind.text } : null,
});

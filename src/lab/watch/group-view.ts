/** All that the page shows of one group, out of the last look at it and the samples. */
import type { GroupDescription } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { groupMember, stateName, typeName } from '../../kafka/groups/group-state.ts';
import { type RetentionLimits, retentionUse } from '../../kafka/groups/retention.ts';
import { partitionKey } from '../../kafka/partition.ts';
import type { Forecast, GroupPartition, GroupView, Layout, MemberView, Sample } from '../wire/all.ts';
import { autoscalerChoice } from './autoscale/autoscaler.ts';
import type { Forecasts } from './forecast/forecast.ts';
import type { WhenGone } from './forecast/when-gone.ts';
import type { VisibleOffsets } from './own-looks.ts';
import type { GroupMovement } from './verdict/group-movement.ts';
import { verdictOf } from './verdict/group-verdict.ts';
import { resetRefusal } from './verdict/reset-refusal.ts';
import type { WaitingPartition } from './verdict/waiting-transactions.ts';

/** The first record at or after a committed offset: its own time, and when it was looked at (ms since 1970). */
export type NextRecord = { offset: number; atMs: number; lookedMs: number };

export type GroupFacts = {
  group: string;
  service: string;
  layout: Layout;
  /** The newest sample. */
  sample: Sample | undefined;
  /** Why a partition's end is not known, by `partitionKey`. */
  errors: ReadonlyMap<string, string>;
  description: GroupDescription | undefined;
  movement: GroupMovement;
  gone: WhenGone;
  forecasts: Forecasts;
  /** By `partitionKey`; where there is lag and it could be read. */
  nextRecords: ReadonlyMap<string, NextRecord>;
  /** By topic, where the broker tells. */
  limits: ReadonlyMap<string, RetentionLimits>;
  processNames: readonly string[];
  /** Instances of the service that should run. */
  running: number;
  paused: boolean;
  /** Partitions that stand at a transaction that somebody leaves open. */
  waiting: readonly WaitingPartition[];
  /** Last stable offsets, by `partitionKey`. */
  stable: ReadonlyMap<string, number>;
  /** Records that its readers have and have not committed, by `partitionKey`. */
  underWay: ReadonlyMap<string, number>;
  /** How far the figures are, where there are some. */
  visible: VisibleOffsets;
  nowMs: number;
};

/** @returns the view */
export function groupView(facts: GroupFacts): GroupView {
  const { group, service, description, movement, gone, forecasts, layout } = facts;
  const members = (description?.members ?? []).map(groupMember).map((member) => ({
    ...member,
    process: processOf(member.clientId, facts.processNames),
  }));
  const state = stateName(description);
  const columns = layout.commits.flatMap((column, index) => (column.group === group ? [{ ...column, index }] : []));
  const partitions = columns.map((column) => partitionView(column, facts, members));
  const { verdict, text } = verdictOf({
    state,
    members: members.length,
    hasCommits: partitions.some(({ committed }) => committed !== null),
    movement,
    unreadable: partitions.filter(({ error }) => error !== null).length,
    paused: facts.paused,
    waiting: waitingText(facts.waiting, partitions),
  });
  return {
    group,
    service,
    state,
    type: typeName(description),
    assignor: description?.partitionAssignor || null,
    coordinator: description?.coordinator ?? null,
    members,
    partitions,
    totalLag: movement.totalLag,
    ageSec: oldest(partitions),
    readPerSec: movement.readPerSec,
    trend: movement.trend,
    drainSec: gone.sec,
    goneText: gone.text,
    verdict,
    verdictText: text,
    forecast: forecasts.current && forecastView(forecasts.current),
    scored: forecasts.scored,
    autoscaler: autoscalerChoice(
      partitions.flatMap(({ topic, partition, committed, end }) =>
        end === null ? [] : [{ id: partitionKey({ topic, partition }), committed, end }],
      ),
      facts.running,
    ),
    resetRefused: resetRefusal(group, state, service),
  };
}

/** Why one of the partitions that have lag cannot be read on, where somebody's transaction is in the way. */
const waitingText = (waiting: readonly WaitingPartition[], partitions: readonly GroupPartition[]): string | undefined =>
  waiting.find((one) => partitions.some((other) => other.lag !== 0 && partitionKey(other) === partitionKey(one)))?.text;

type Column = { topic: string; partition: number; index: number };

function partitionView(column: Column, facts: GroupFacts, members: readonly MemberView[]): GroupPartition {
  const { topic, partition, index } = column;
  const { sample, layout, movement, nextRecords, limits } = facts;
  const id = partitionKey(column);
  const endIndex = layout.ends.findIndex((one) => partitionKey(one) === id);
  const moving = movement.partitions.get(id);
  const lag = sample?.lag[index] ?? null;
  const next = lag ? nextRecords.get(id) : undefined;
  const committed = sample?.committed[index] ?? null;
  const owner = members.find((member) => member.partitions.some((one) => partitionKey(one) === id));
  // Its age grows while the record waits; once it was read, what is known is how old it was then.
  const seenMs = next && (next.offset === committed ? facts.nowMs : next.lookedMs);
  const limit = limits.get(topic);
  const end = sample?.ends[endIndex] ?? null;
  const visible = facts.visible[topic]?.[partition];
  const ofReader = facts.gone.byPartition.get(id);
  return {
    topic,
    partition,
    committed,
    end,
    stable: facts.stable.get(id) ?? null,
    underWay: facts.underWay.get(id) ?? null,
    notVisible: end === null || visible === undefined ? null : Math.max(0, end - visible),
    openTransaction: facts.waiting.find((one) => partitionKey(one) === id)?.text ?? null,
    lag,
    lagShare: lag === null || !movement.totalLag ? null : lag / movement.totalLag,
    readPerSec: moving?.readPerSec ?? null,
    ageSec: next && seenMs !== undefined ? Math.max(0, Math.round((seenMs - next.atMs) / 100) / 10) : null,
    drainSec: ofReader?.sec ?? null,
    readerPerSec: ofReader?.readPerSec ?? null,
    retention: next && seenMs !== undefined && limit ? retentionUse(limit, next.atMs, seenMs) : null,
    owner: owner ? { consumerId: owner.consumerId, host: owner.host, clientId: owner.clientId, process: owner.process } : null,
    error: facts.errors.get(id) ?? null,
  };
}

/** Clients are named `<service>.<instance>`; a service that runs once is a process without a number. */
export function processOf(clientId: string, processNames: readonly string[]): string | null {
  if (processNames.includes(clientId)) return clientId;
  const bare = clientId.replace(/\.1$/, '');
  return processNames.includes(bare) ? bare : null;
}

const forecastView = ({ madeAt, lag, drainSec, drainedAt }: Forecast): Forecast => ({ madeAt, lag, drainSec, drainedAt });

function oldest(partitions: readonly Pick<GroupPartition, 'ageSec'>[]): number | null {
  const ages = partitions.flatMap(({ ageSec }) => (ageSec === null ? [] : [ageSec]));
  return ages.length === 0 ? null : Math.max(...ages);
}

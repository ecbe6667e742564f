/** What the page shows as it happens: the snapshot it begins with, and the events that follow. */

import type { RetentionUse } from '../../kafka/groups/retention.ts';
import type { RuntimeValues, SetValues, Terminal } from './command.ts';
import type { CrashTestView } from './crash-test.ts';
import type { Autoscaler, Insight, Mark, Trend, Verdict } from './explanation.ts';
import type { LabState, ProcessView } from './lab-state.ts';
import type { QueueView } from './queue.ts';
import type { ScenarioRun } from './scenario-run.ts';
import type { BurstState } from './writes.ts';

/** What one system alone tells: it is passed on to the page, and whoever knows that system gives it its type. */
export type PassedOn = object;

// ---------------------------------------------------------------------------------------------------- GET /api/snapshot

/** All that the page needs when it loads; then `GET /api/live`, with `Last-Event-ID: <lastEventId>` or `?after=<lastEventId>`. */
export type Snapshot = {
  at: string;
  lastEventId: string;
  lab: LabState;
  terminal: Terminal;
  /** Names of a system that the page knows. */
  pipeline: PassedOn | null;
  /** What the arrays of the samples mean. */
  layout: Layout;
  /** One per second, oldest first, at most the last 15 minutes. */
  samples: Sample[];
  /** Causes, oldest first, as far back as the samples. */
  marks: Mark[];
  live: LiveState;
  burst: BurstState | null;
  replay: PassedOn | null;
  scenario: ScenarioRun | null;
  /** Of a crash test that goes on; null in a lab. */
  crashTest: CrashTestView | null;
};

/** Columns only ever get added at the end; an older sample is shorter. */
export type Layout = {
  /** Columns of `Sample.ends`. */
  ends: { topic: string; partition: number }[];
  /** Columns of `Sample.committed` and `Sample.lag`. */
  commits: { group: string; topic: string; partition: number }[];
};

/** One second, in compact arrays (see `Layout`). */
export type Sample = {
  /** When the ends were known. */
  atMs: number;
  ends: (number | null)[];
  committed: (number | null)[];
  /** Never below 0; committed was asked first, the end second. Where nothing is committed it counts from the beginning of the log. Null where it is not known. */
  lag: (number | null)[];
  /** Records that came into the system per second, since the sample before. */
  inPerSec: number | null;
  /** Of these, those that the first group committed per second; null while it is set back. */
  decidedPerSec: number | null;
  /** And the last one; null while it is set back, and where there is no other. */
  seenPerSec: number | null;
  /** What came in within the last 60 s, as the system itself counts it; null where it does not tell. */
  ordersPerMin: number | null;
  /** From "accepted" to "visible", of what became visible last; null where it cannot be measured. */
  endToEndMs: number | null;
};

// ---------------------------------------------------------------------------------------------------- the state of now

/** What is true now; the newest replaces the one before. Sent each second. */
export type LiveState = {
  at: string;
  processes: ProcessView[];
  groups: GroupView[];
  /** Its share groups. */
  queues: QueueView[];
  topics: TopicEnds[];
  /** Figures and books of a system that the page knows; kept as they were last, see `sources`. */
  metrics: PassedOn | null;
  ledger: PassedOn | null;
  /** What a system of anybody's tells of itself, in the order of its file. */
  figures: Figure[];
  /** By service; of those that have settings to change while they run. */
  settings: Partial<Record<string, ServiceSettings>>;
  /** The sentences that explain what is seen, the most important first. */
  insights: Insight[];
  /** Those beside `kafka` and `groups` are of a system that tells more. */
  sources: Record<'kafka' | 'groups', SourceState> & Record<string, SourceState>;
};

/** `value`: null where it is not told. */
export type Figure = { label: string; value: number | string | null; unit: string | null };

/** Where a figure comes from, and whether it still comes. */
export type SourceState = {
  /** When it answered last. */
  okAt: string | null;
  /** Since when what is shown is old; null while it is fresh. */
  staleSince: string | null;
  /** Why it does not answer. */
  error: string | null;
};

export type TopicEnds = { topic: string; partitions: { partition: number; end: number | null; error: string | null }[] };

export type GroupStateName = 'Unknown' | 'PreparingRebalance' | 'CompletingRebalance' | 'Reconciling' | 'Stable' | 'Dead' | 'Empty';

/** The protocol of a group: `Consumer` is that of KIP-848. */
export type GroupTypeName = 'Unknown' | 'Classic' | 'Consumer';

export type GroupView = {
  group: string;
  service: string;
  state: GroupStateName;
  type: GroupTypeName;
  assignor: string | null;
  coordinator: { id: number; host: string; port: number } | null;
  members: MemberView[];
  partitions: GroupPartition[];
  /** Records; the sum of what is known. */
  totalLag: number | null;
  /** Of the oldest record that is not read yet, by its own time; null where there is none. Not the time to drain. */
  ageSec: number | null;
  /** Records read per second, over some seconds. */
  readPerSec: number | null;
  trend: Trend | null;
  /** Until all is read at the measured pace: the slowest reader decides, by all that it has left; null where it is not known. 0 without lag. */
  drainSec: number | null;
  /** The same as a clause: `gone in about 4 min: invoicer.2 has 48,141 records left and reads 200/s`, `not yet known: rebalancing`. */
  goneText: string;
  verdict: Verdict;
  /** Why, in one sentence. */
  verdictText: string;
  /** What was foretold after the last cause, and those before it, the newest last. */
  forecast: Forecast | null;
  scored: ScoredForecast[];
  autoscaler: Autoscaler;
  /** Null where offsets can be reset now, else why Kafka would refuse, and what to do. */
  resetRefused: string | null;
};

export type MemberView = {
  consumerId: string;
  host: string;
  clientId: string;
  /** The process of this lab that it is: `invoicer.2`; null for a stranger. */
  process: string | null;
  partitions: { topic: string; partition: number }[];
};

export type GroupPartition = {
  topic: string;
  partition: number;
  committed: number | null;
  end: number | null;
  lag: number | null;
  /** Share of the group's lag, 0 to 1; null without lag. */
  lagShare: number | null;
  readPerSec: number | null;
  ageSec: number | null;
  /** Until its reader is done with all that it has. */
  drainSec: number | null;
  /** How much of all that it has its reader reads a second: what `drainSec` goes by; null where that is not known. */
  readerPerSec: number | null;
  /** How far readers of committed records get (last stable offset). */
  stable: number | null;
  /** Records that its reader has and has not committed, as it tells; null where it does not tell. */
  underWay: number | null;
  /** Records that are written and not in the figures yet; null where there are none. */
  notVisible: number | null;
  /** Whose transaction its readers wait for, where one is open for longer than any of the system's own may be; see `fourLags`. */
  openTransaction: string | null;
  /** How near the next record is to its deletion; null without lag, and where records are not deleted by their age. */
  retention: RetentionUse | null;
  owner: { consumerId: string; host: string; clientId: string; process: string | null } | null;
  error: string | null;
};

/** "Drained at": made anew at each cause, and not corrected in between. */
export type Forecast = { madeAt: string; lag: number; drainSec: number; drainedAt: string };

/**
 * `errorSec` = actual - predicted; below 0: it was faster. `replacedBy`: the cause that ended it, null where the lag was gone; then `actualSec` is
 * what it would have taken by the rates just before. `disturbed`: whether there was one.
 */
export type ScoredForecast = Forecast & { actualSec: number; errorSec: number; disturbed: boolean; replacedBy: string | null };

export type ServiceSettings = {
  /** What is in force, as the instances tell; null while none answers. `failRate` is null where nothing can be made to fail. */
  inForce: RuntimeValues | null;
  /** What of it was set, and more that can be. */
  set: SetValues;
  /** Whether every instance has the same. */
  everywhere: boolean;
  /** What its instances say of their topics that people should know, with the commands. */
  notes: string[];
};

// ---------------------------------------------------------------------------------------------------- GET /api/live

/**
 * Server-sent events: `event:` is the name, `data:` the JSON. `sample`, `mark` and `layout` have an id and can be resumed; of the others
 * only the latest counts, and it is sent at once. A stream begins with `hello`; `reset` says that too much was missed (or that another
 * lab answers): fetch the snapshot again.
 */
export type LiveEvents = {
  hello: { lastEventId: string };
  reset: { why: string };
  sample: Sample;
  mark: Mark;
  layout: Layout;
  process: ProcessView;
  burst: BurstState;
  replay: PassedOn;
  scenario: ScenarioRun;
  crashTest: CrashTestView;
  state: LiveState;
};
export type LiveEventName = keyof LiveEvents;

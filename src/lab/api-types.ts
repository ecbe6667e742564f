/**
 * Everything that the lab's HTTP API says and takes, for the dashboard and for programs. Types only: the page imports this file.
 * Changing calls are POST with a JSON body, from the lab's own page or with `Authorization: Bearer <token>`. Errors are RFC 9457 problems:
 * 400 wrong body, 404 not there, 409 not now (`detail` says why), 422 cannot be, 503 Kafka or a service is away.
 * Times are RFC 3339 where they are text and milliseconds since 1970 where the name ends in `Ms`. What is not known is null, never 0.
 */
import type { Metrics } from '../analytics/metrics.ts';
import type { RecordJson } from '../kafka/show-record.ts';
import type { LabState, ProcessView } from './lab-state.ts';

export type { LabState, Metrics, ProcessView, RecordJson };

export type SettableService = 'inventory-service' | 'analytics-service';

/** What does the same in a terminal; `kafka` where one of Kafka's own tools can do it, as the lab runs them: `./lab kafka consumer-groups ...`. */
export type Command = { lab: string; kafka: string | null };

/** What a command has to say so that it means this lab. */
export type Terminal = {
  /** LAB_HOME, where it is not `.lab` in the project. */
  labHome: string | null;
  /** `host:port[,host:port]`; null until the lab's own broker is up. */
  brokers: string | null;
};

// ---------------------------------------------------------------------------------------------------- GET /api/snapshot

/** All that the page needs when it loads; then `GET /api/live`, with `Last-Event-ID: <lastEventId>` or `?after=<lastEventId>`. */
export type Snapshot = {
  at: string;
  lastEventId: string;
  lab: LabState;
  terminal: Terminal;
  pipeline: Pipeline;
  /** What the arrays of the samples mean. */
  layout: Layout;
  /** One per second, oldest first, at most the last 15 minutes. */
  samples: Sample[];
  /** Causes, oldest first, as far back as the samples. */
  marks: Mark[];
  live: LiveState;
  burst: BurstState | null;
  replay: ReplayState | null;
  scenario: ScenarioRun | null;
};

export type Pipeline = {
  ordersTopic: string;
  inventoryTopic: string;
  deadLetterTopics: string[];
  inventoryGroup: string;
  analyticsGroup: string;
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
  /** Never below 0; committed was asked first, the end second. Null where nothing is committed. */
  lag: (number | null)[];
  /** Orders written per second, since the sample before. */
  inPerSec: number | null;
  /** Orders that inventory committed per second; null while it is set back. */
  decidedPerSec: number | null;
  /** Orders that analytics committed per second; null while it is set back. */
  seenPerSec: number | null;
  /** Orders created in the last 60 s, as analytics knows them. */
  ordersPerMin: number | null;
  /** From "accepted" to "visible", of the orders that became visible last; null where it cannot be measured. */
  endToEndMs: number | null;
};

export type MarkKind =
  | 'burst'
  | 'set'
  | 'scale'
  | 'stop'
  | 'start'
  | 'kill'
  | 'crash'
  | 'rebalance'
  | 'reset'
  | 'replay'
  | 'record'
  | 'redrive'
  | 'scenario'
  | 'kafka';

/** Something that happened and that explains the curves. */
export type Mark = {
  id: number;
  atMs: number;
  kind: MarkKind;
  /** `inventory-service.2`, `kafka`, `analytics-group`, ... */
  subject: string;
  /** `scaled to 3`, `throttle=10ms`, `killed by SIGKILL`. */
  text: string;
};

// ---------------------------------------------------------------------------------------------------- the state of now

/** What is true now; the newest replaces the one before. Sent each second. */
export type LiveState = {
  at: string;
  processes: ProcessView[];
  groups: GroupView[];
  topics: TopicEnds[];
  /** `GET /metrics` of analytics-service; kept as it was last, see `sources.analytics`. */
  metrics: Metrics | null;
  ledger: Ledger | null;
  settings: Record<SettableService, ServiceSettings>;
  /** The sentences that explain what is seen, the most important first. */
  insights: Insight[];
  sources: Record<SourceName, SourceState>;
};

export type SourceName = 'kafka' | 'groups' | 'analytics' | 'settings';

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

export type GroupStateName = 'Unknown' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead' | 'Empty';

/** Burrow's names: WARN = lag grows, STALL = has lag and commits nothing, STOP = nobody reads, REWIND = went back, NOTFOUND = no such group. */
export type Verdict = 'OK' | 'WARN' | 'ERR' | 'STOP' | 'STALL' | 'REWIND' | 'NOTFOUND';

export type GroupView = {
  group: string;
  service: SettableService;
  state: GroupStateName;
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
  /** Until all is read at the measured pace: the slowest partition decides; null where one does not fall. 0 without lag. */
  drainSec: number | null;
  verdict: Verdict;
  /** Why, in one sentence. */
  verdictText: string;
  /** What was foretold when the lag began to fall, and the last ones that came to their end. */
  forecast: Forecast | null;
  scored: ScoredForecast[];
  autoscaler: Autoscaler;
  /** Null where offsets can be reset now, else why Kafka would refuse, and what to do. */
  resetRefused: string | null;
};

export type Trend = {
  direction: 'growing' | 'steady' | 'draining';
  /** Change of the total lag per second; below 0 while it drains. */
  perSec: number;
};

export type MemberView = {
  consumerId: string;
  host: string;
  clientId: string;
  /** The process of this lab that it is: `inventory-service.2`; null for a stranger. */
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
  drainSec: number | null;
  owner: { consumerId: string; host: string; clientId: string; process: string | null } | null;
  error: string | null;
};

/** "Drained at": made once when the lag begins to fall, not corrected afterwards. */
export type Forecast = { madeAt: string; lag: number; drainSec: number; drainedAt: string };

/** `errorSec` = actual - predicted; below 0: it was faster. `disturbed`: a cause came in between, so the score says little. */
export type ScoredForecast = Forecast & { actualSec: number; errorSec: number; disturbed: boolean };

/** What KEDA's Kafka scaler would choose (lagThreshold 1000, allowIdleConsumers false). */
export type Autoscaler = { wanted: number; running: number; lagThreshold: number; text: string };

/** Orders in = decided + in flight; what analytics has seen = orders + duplicates + dead letters. Each figure from the broker or the view. */
export type Ledger = {
  /** Records in the orders topic, deleted ones included. */
  written: number;
  /** Of them, those that inventory committed. */
  decided: number;
  /** written - decided */
  inFlight: number;
  /** Records of the orders topic in the view, and what became of them. */
  seen: number;
  orders: number;
  duplicates: number;
  deadLetters: number;
  /** seen - orders - duplicates - deadLetters: 0, or something is wrong. */
  unaccounted: number;
};

export type RuntimeValues = { throttleMs: number; failRate: number | null; paused: boolean };

/** What somebody set while it runs; delivery and crash are for lessons, by `./lab set`. */
export type SetValues = Partial<RuntimeValues> & { delivery?: string; crash?: string };

export type ServiceSettings = {
  /** What is in force, as the instances tell; null while none answers. `failRate` is null for analytics-service. */
  inForce: RuntimeValues | null;
  /** What of it was set, and more that can be. */
  set: SetValues;
  /** Whether every instance has the same. */
  everywhere: boolean;
};

export type Insight = {
  /** Stable, for keys and for tests. */
  id:
    | 'hot-partition'
    | 'idle-instance'
    | 'throttled'
    | 'paused'
    | 'rebalancing'
    | 'stalled'
    | 'stopped'
    | 'growing'
    | 'draining'
    | 'crashed'
    | 'kafka-away'
    | 'analytics-away'
    | 'replaying'
    | 'all-read';
  level: 'info' | 'warn' | 'bad';
  group: string | null;
  /** "partition 2 holds 81% of the lag: more instances cannot help" */
  text: string;
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
  replay: ReplayState;
  scenario: ScenarioRun;
  state: LiveState;
};
export type LiveEventName = keyof LiveEvents;

// ---------------------------------------------------------------------------------------------------- processes (as before)

/** `POST /api/services/:name/(stop|start|restart|kill)`, `POST /api/scale` {service, count}. */
export type ProcessesChanged = { processes: Omit<ProcessView, 'rssBytes'>[]; command: Command };
export type ScaleRequest = { service: string; count: number };

// ---------------------------------------------------------------------------------------------------- POST /api/burst

/** One at a time: 409 while one runs. Answers at once (202); progress by `burst` events. `POST /api/burst/stop` ends it early. */
export type BurstRequest = { count: number; ratePerSec?: number; failRate?: number; seed?: string };

export type BurstState = {
  runId: string;
  state: 'running' | 'done' | 'failed';
  startedAt: string;
  finishedAt: string | null;
  count: number;
  ratePerSec: number | null;
  /** Acknowledged by the broker. */
  produced: number;
  /** Both null until it is over. */
  durationMs: number | null;
  eventsPerSec: number | null;
  error: string | null;
  command: Command;
};

// ---------------------------------------------------------------------------------------------------- POST /api/settings/:service

/** What is left out stays; `{ defaults: true }` alone puts everything back. */
export type SettingsRequest = { throttleMs?: number; failRate?: number; paused?: boolean; defaults?: true };
/** What is set now; a field that is missing has its start value. */
export type SettingsChanged = { service: SettableService; set: SetValues; command: Command };

// ---------------------------------------------------------------------------------------------------- POST /api/records

/** `poison`: bytes that are no JSON. `duplicate`: an order again, the newest where `orderId` is left out. `order`: a new one. */
export type RecordRequest = { kind: 'poison' | 'duplicate' | 'order'; orderId?: string };
export type RecordSent = { kind: RecordRequest['kind']; key: string; topic: string; partition: number; offset: number; command: Command };

// ---------------------------------------------------------------------------------------------------- offsets

export type OffsetTarget =
  | { to: 'earliest' | 'latest' | 'current' }
  | { to: 'offset'; offset: number }
  | { to: 'shift'; by: number }
  /** RFC 3339 */
  | { to: 'datetime'; at: string }
  /** ISO 8601, `PT10M` */
  | { to: 'duration'; ago: string };

/**
 * `POST /api/offsets/plan` changes nothing; `POST /api/offsets/reset` does it, and answers 409 while the group has members, unless
 * `stopAndStart`: then the lab stops the service, waits until the group is empty, resets, and starts the service again.
 */
export type OffsetsRequest = {
  group: string;
  target: OffsetTarget;
  /** `order-events` or `order-events:0,1`; left out: everything the group has committed. */
  topics?: string[];
  /** Ignored by `plan`. */
  stopAndStart?: boolean;
};

/** `POST /api/offsets/undo`: back to a backup, the newest where none is named. `plan: true` changes nothing. */
export type UndoRequest = { group: string; backup?: string; stopAndStart?: boolean; plan?: boolean };

export type OffsetsPlan = {
  group: string;
  executed: boolean;
  partitions: { topic: string; partition: number; before: number | null; newOffset: number | null; delta: number | null }[];
  warnings: string[];
  /** Null where it can be done now, else why Kafka would refuse and what to do. */
  refused: string | null;
  /** Name of the file that can undo it; null for a plan. */
  backup: string | null;
  command: Command;
};

/** `GET /api/offsets/backups?group=`: newest first. */
export type Backups = { group: string; backups: { name: string; at: string }[] };

// ---------------------------------------------------------------------------------------------------- POST /api/replay

/** `earliest` (default) or an RFC 3339 time. 202 with the state; progress by `replay` events and `GET /api/replay`. 409 while one runs. */
export type ReplayRequest = { to?: string };

export type ReplayState = {
  id: string;
  state: 'running' | 'done' | 'failed';
  startedAt: string;
  finishedAt: string | null;
  /** Offsets read again, and how many there are to read. */
  processed: number;
  total: number;
  before: Metrics;
  /** The rest is null until it is over. */
  after: Metrics | null;
  identical: boolean | null;
  firstDifference: { field: string; before: unknown; after: unknown } | null;
  error: string | null;
  command: Command;
};

// ---------------------------------------------------------------------------------------------------- topics, records, orders

/** `GET /api/topics` */
export type Topics = { topics: TopicView[]; command: Command };

export type TopicView = {
  name: string;
  role: 'orders' | 'inventory' | 'dead-letters' | 'settings' | 'internal' | 'other';
  partitions: {
    partition: number;
    /** First offset and end (high watermark, control records included). */
    low: number | null;
    end: number | null;
    leader: number | null;
    replicas: number[];
    isr: number[];
    error: string | null;
  }[];
};

/** `GET /api/topics/configs`: as Kafka's own tool tells them, which takes its seconds; kept for a minute. By topic, what was set for it first. */
export type TopicConfigs = { at: string; topics: Record<string, TopicConfig[]>; command: Command };
/** Where the value comes from: set for the topic, set for the brokers, or Kafka's own default. */
export type TopicConfig = { name: string; value: string; from: 'topic' | 'broker' | 'default' };

/**
 * `GET /api/topics/:topic/records?from=&partition=&limit=&key=&text=&uncommitted=`
 * `from`: `newest` (default), `earliest`, an offset, or an RFC 3339 time. `limit` 1 to 500, default 50. `key`: exactly this key.
 * `text`: somewhere in key, value or headers, case ignored. `uncommitted=true`: also of open and aborted transactions.
 */
export type RecordsPage = {
  topic: string;
  order: 'newest-first' | 'oldest-first';
  records: RecordView[];
  /** Records looked at for this answer. */
  scanned: number;
  /** Whether all there is was looked at; else narrow the search. */
  complete: boolean;
  command: Command;
};

export type RecordView = RecordJson & {
  /** As the services read it; null for topics that are none of theirs. */
  reading: { ok: true; eventType: string; orderId: string } | { ok: false; reason: string; message: string } | null;
};

/** `GET /api/orders/:orderId?longer=`: every record of the order, over all topics, by time. Searches 5 s, or up to 60 s with `longer=true`. */
export type Journey = {
  orderId: string;
  steps: JourneyStep[];
  /** In one sentence. */
  text: string;
  /** Whether the search came to its end in time; else ask for longer. */
  complete: boolean;
  command: Command;
};

export type JourneyStep = {
  what: 'placed' | 'duplicate' | 'reserved' | 'failed' | 'released' | 'dead-lettered' | 'unreadable';
  record: RecordView;
  /** Since the first step; null where a record has no time. */
  afterMs: number | null;
  /** Which groups have read beyond it. */
  readBy: string[];
};

// ---------------------------------------------------------------------------------------------------- dead letters

/** `GET /api/dead-letters?topic=&limit=`: newest first. */
export type DeadLetters = { total: number; letters: DeadLetterView[]; command: Command };

export type DeadLetterView = {
  /** `partition:offset` in the dead-letter topic. */
  id: string;
  topic: string;
  at: string | null;
  reason: string | null;
  message: string | null;
  group: string | null;
  from: { topic: string; partition: number | null; offset: number | null } | null;
  redrives: number;
  record: RecordJson;
  /** Null where it can be sent back, else why not. */
  redriveRefused: string | null;
};

/** `POST /api/dead-letters/redrive`: `topic` is `order-events` or its dead-letter topic; `letters` by id, or `all` since the last `all`. */
export type RedriveRequest = { topic: string; letters?: string[]; all?: true; maxRedrives?: number; plan?: boolean };
export type Redriven = {
  executed: boolean;
  sent: number;
  leftOut: number;
  failed: number;
  letters: { id: string; to: string | null; result: string }[];
  command: Command;
};

// ---------------------------------------------------------------------------------------------------- groups, logs

/** `GET /api/groups/:group`: asked now, any group of the broker. */
export type GroupDetail = {
  group: string;
  state: GroupStateName;
  assignor: string | null;
  coordinator: { id: number; host: string; port: number } | null;
  members: MemberView[];
  partitions: Pick<GroupPartition, 'topic' | 'partition' | 'committed' | 'end' | 'lag' | 'owner' | 'error'>[];
  command: Command;
};

/** `GET /api/logs/:name?tail=200`: `lab`, `kafka`, or a process. */
export type LogTail = { name: string; lines: LogLineView[]; command: Command };
/** `GET /api/logs/:name/live?tail=50`: server-sent events `line`, each one of these. */
export type LogLineView = { at: string | null; level: 'info' | 'warn' | 'error'; text: string };

// ---------------------------------------------------------------------------------------------------- scenarios

/** `GET /api/scenarios`: empty where this lab has none. */
export type Scenarios = { scenarios: ScenarioInfo[] };
/** One that needs a lab of its own cannot be run from here: show its command. */
export type ScenarioInfo = { name: string; title: string; summary: string; needsOwnLab: boolean; command: Command };

/** `POST /api/scenarios/:name/run` -> 202 and `scenario` events. One at a time. `POST /api/scenarios/stop` ends it. */
export type ScenarioRun = {
  name: string;
  state: 'running' | 'passed' | 'failed' | 'stopped';
  startedAt: string;
  finishedAt: string | null;
  steps: { text: string; state: 'running' | 'passed' | 'failed' }[];
  /** Address of the HTML report on this server, once it is written. */
  report: string | null;
  error: string | null;
  command: Command;
};

/** What a scenario can do to a lab and ask of it. Each call is a step of the report, with the commands that do the same by hand. */

import type { ConnectionConfig } from '../../kafka/client/client-config.ts';
import type { KafkaJsConfig } from '../../kafka/client/kafkajs-config.ts';
import type { RecordJson } from '../../kafka/record/show-record.ts';
import type { Metrics } from '../../pipeline/analytics/metrics.ts';
import type { RuntimeOverrides } from '../../pipeline/settings/runtime-settings.ts';
import type { ServiceName } from '../supervisor/service-table.ts';
import type { LoadFigures } from './load/order-load.ts';
import type { PlannedFault } from './load/storm-faults.ts';
import type { Sample } from './sample.ts';

/** The two services that read as a consumer group. */
export type Consumer = 'inventory-service' | 'analytics-service';

export type Deadline = { /** Give up after so long (s); 60 by default. */ withinSec?: number };

export type BurstOutcome = {
  /** Orders that Kafka has acknowledged. */
  produced: number;
  durationMs: number;
  eventsPerSec: number;
  /** The ids of its orders are `<runId>-1` to `<runId>-<produced>`. */
  runId: string;
  /** How often progress was told, once per 1,000 orders. */
  progressLines: number;
};

/** A record to be sent as it is; `value: null` is a tombstone. */
export type PlainRecord = { topic?: string; key: string | null; value: string | Buffer | object | null; partition?: number };

/** Analytics' figures of this run: what there was before it is taken off. */
export type Counted = {
  orders: number;
  reservations: number;
  failedReservations: number;
  failedOrders: number;
  duplicatesIgnored: number;
  deadLetters: number;
  /** failedReservations / reservations, 0 where there are none. */
  failureRate: number;
};

/** Both topics of this run, read record by record by a reader of its own: what went in, what was decided, what is missing. */
export type Ledger = {
  /** Records on the orders topic, those that are no order included. */
  records: number;
  /** Different order ids among them. */
  orders: number;
  /** Order records beyond the first of their id. */
  duplicates: number;
  /** Records that are no order. */
  unreadable: number;
  /** Records on the inventory topic that are decisions. */
  decisions: number;
  /** Ids of orders without a decision. */
  missing: string[];
  /** Ids with more than one decision. */
  decidedTwice: string[];
  /** Decisions without an order. */
  unknown: string[];
  /** Ids whose decision does not follow its order: another source, a later record, another event time. */
  disordered: string[];
  /** Decisions by event type. */
  byType: Record<string, number>;
};

export type DeadLetter = {
  key: string | null;
  /** For people: parsed where it is JSON, see `RecordJson`. */
  value: unknown;
  /** Exactly what stands in the dead-letter topic; null for a tombstone. */
  bytes: Buffer | null;
  reason: string | undefined;
  message: string | undefined;
};

export type LagNow = {
  /** Records left over all partitions; a partition without a commit counts whole. */
  total: number;
  partitions: { topic: string; partition: number; lag: number | undefined; owner: string | undefined }[];
};

export type Membership = { least: number; most: number /** Different members that were seen. */; ids: string[]; samples: number };

export type ReplayOutcome = {
  before: Metrics;
  after: Metrics;
  identical: boolean;
  firstDifference: { field: string; before: unknown; after: unknown } | undefined;
};

export type ResetTo = 'earliest' | 'latest' | { offset: number } | { shiftBy: number } | { time: string };
export type ResetOptions = {
  /** `order-events`, `order-events:0,1`; by default all topics that the service reads. */
  topics?: string[];
  to: ResetTo;
  /** Kafka's own tool, or `./lab offsets reset`, which is the default. */
  by?: 'kafka' | 'lab';
};

/** Orders under way by `POST /produce`; each is sent again under its id until it is answered by 200. */
export type RunningLoad = {
  figures(): LoadFigures;
  /** Settles when every request that is under way now has its answer, or has none in time. */
  answered(): Promise<void>;
  /** Sends no new order; settles when each that was sent is accepted. */
  finish(deadline?: Deadline): Promise<LoadFigures>;
  /** Reads the orders topic: whether every order that was answered by 200 stands where the answer said. */
  verify(): Promise<{ accepted: number; inTheLog: number; firstMissing: string | undefined }>;
};

export type ResourceSample = {
  atMs: number;
  processes: { name: string; rssBytes: number /** Open files; undefined where the system does not tell. */; handles: number | undefined }[];
};

export type Resources = {
  samples: readonly ResourceSample[];
  /** Bytes of each log with its older files, by process. */
  logBytes: Record<string, number>;
  /** From accepted to visible, as analytics said each second: the mean of the orders that became visible last. */
  visibleMs: { p50: number; p99: number; most: number; looks: number };
};

/** What a condition of `waitUntil` can look at: asked from the lab in each round. */
export type Situation = {
  /** Undefined while analytics does not answer. */
  metrics: Metrics | undefined;
  counted: Counted | undefined;
  /** Records left, per service. */
  lag: Record<Consumer, number>;
  members: Record<Consumer, number>;
};

/** How a client of one's own reaches the Kafka of the lab. Holds the password where there is one. */
export type KafkaAccess = {
  /** `host:port[,host:port]`: what Kafka calls `bootstrap.servers`, and its tools `--bootstrap-server`. */
  bootstrapServers: string;
  /** For clients on librdkafka: Confluent's, node-rdkafka, kcat. */
  librdkafka: ConnectionConfig;
  /** For KafkaJS: `new Kafka({ clientId: 'mine', ...lab.kafka.kafkajs })`. */
  kafkajs: KafkaJsConfig;
};

export type LabSteps = {
  /** Sends generated orders straight into Kafka; settles when all are acknowledged. */
  burst(count: number, options?: { ratePerSec?: number; failRate?: number; seed?: string }): Promise<BurstOutcome>;
  /** Sends single records as they are: duplicates, garbage, tombstones. To the orders topic unless they name another. */
  send(what: string, records: readonly PlainRecord[]): Promise<void>;
  /** One order by `POST /produce`; the answer's body. */
  order(body: {
    orderId?: string;
    items: { sku: string; qty: number; price?: number }[];
    userId?: string;
  }): Promise<Record<string, unknown>>;

  /** Orders by `POST /produce`, one after the other at a rate, from now on and through any outage. */
  load(options: { ratePerSec: number }): RunningLoad;
  /** Looks each second at memory, open files and delay of the lab's processes, until it is told to finish. */
  watchResources(): { finish(): Promise<Resources> };

  /** Changes runtime settings, everywhere at once; null takes them all back. */
  set(service: Consumer | 'notification-service', settings: RuntimeOverrides | null): Promise<void>;
  /** Runs so many instances; settles when they are healthy. */
  scale(service: ServiceName, count: number): Promise<void>;
  /** Settles when the group is stable with so many members, and each that can owns a partition. */
  waitForMembers(service: Consumer, count: number, deadline?: Deadline): Promise<void>;
  /** SIGKILL, as a crash: the lab starts it again. Settles when the process is gone. `inventory-service.1`, `kafka`. */
  kill(process: string): Promise<void>;
  stop(process: string): Promise<void>;
  /** Settles when it is healthy. */
  start(process: string): Promise<void>;
  restart(process: string): Promise<void>;
  /** SIGSTOP: it stands still, and knows nothing of it. @returns its pid */
  freeze(process: string): Promise<number>;
  /** SIGCONT, for whatever runs under that name and was frozen. */
  thaw(process: string): Promise<void>;
  /**
   * Strikes with each fault at its time and waits for nothing to recover; settles when the last frozen process is thawed.
   * @returns the faults that found something to strike: what is down already is spared
   */
  storm(faults: readonly PlannedFault[]): Promise<PlannedFault[]>;
  /** SIGKILL for one of three brokers, from 1; it stays down. For scenarios with `threeBrokers`. */
  killBroker(id: number): Promise<void>;
  /** Starts it again; settles when it has caught up: every partition has all its replicas in sync, as Kafka's own tool says. */
  returnBroker(id: number, deadline?: Deadline): Promise<void>;
  /** Settles when every process that should run is healthy: after a kill, the one that was started in its place. */
  waitHealthy(deadline?: Deadline): Promise<void>;
  /** Takes the whole lab down and up again with these variables; the data stays. Needs a lab of its own. */
  restartLab(environment: Record<string, string>): Promise<void>;

  /** Deletes a topic of the lab and makes it anew with as many partitions, without a record; stop what reads or writes it first. */
  remakeTopic(topic: string): Promise<void>;
  /**
   * Runs one of Kafka's own tools against the lab: `kafkaTool('topics', ['--delete', '--topic', 'order-events'])`.
   * @throws ReplaygroundError `kafka-tool-failed` with the tool's first line
   */
  kafkaTool(tool: string, args: string[]): Promise<void>;
  /** Deletes the records of a partition before an offset, as retention does. */
  deleteRecords(topic: string, partition: number, before: number): Promise<void>;
  /** A foreign producer writes a record in a transaction and leaves it open, until `abort`. */
  openTransaction(topic: string, partition: number): Promise<{ abort(): Promise<void> }>;
  /** Deletes what all instances of a service have stored beside Kafka; stop it first. */
  deleteStore(service: Consumer): Promise<void>;

  /** Asks again and again until the condition holds. @throws when it does not in time, with what was seen last */
  waitUntil(what: string, condition: (now: Situation) => boolean, deadline?: Deadline): Promise<Situation>;
  /** Settles when both groups, or this one's, have read everything, and analytics has counted it. @throws when not in time */
  waitDrained(service?: Consumer, deadline?: Deadline): Promise<void>;
  /** Does nothing for a while, so that there is something to see. */
  watch(forSeconds: number): Promise<void>;
  /** Records per second that a group gets through now, over all partitions, measured by its commits. */
  drainRate(service: Consumer, options: { forSeconds: number }): Promise<number>;

  /** Moves the offsets of a service's group; the service must be stopped. */
  resetOffsets(service: Consumer, options: ResetOptions): Promise<void>;
  /** `POST /replay`; settles when it is over. Files: metrics_initial.txt, metrics_after_replay.txt. */
  replay(deadline?: Deadline): Promise<ReplayOutcome>;
  /** Stops analytics, resets both topics by `./lab offsets reset`, starts it, waits, compares. The same two files. */
  replayByReset(): Promise<ReplayOutcome>;

  /** All of analytics' metrics, once it has read everything that was there. */
  settledMetrics(): Promise<Metrics>;
  metrics(): Promise<Metrics>;
  /** Analytics' figures of this run alone. */
  counted(): Promise<Counted>;
  lag(service: Consumer): Promise<LagNow>;
  /** Reads both topics from where they ended when the run began. */
  ledger(): Promise<Ledger>;
  /** Committed records of any topic since the run began, `order-events.dlq` or one of your own. */
  read(topic: string): Promise<RecordJson[]>;
  /** Dead letters of a topic since the run began. */
  deadLetters(topic: string): Promise<DeadLetter[]>;
  /** Lines that a process has written since the run began. */
  logs(process: string): Promise<string[]>;
  /** Writes analytics' metrics as a block of text beside the report. */
  saveMetrics(file: 'metrics_output.txt' | 'metrics_initial.txt' | 'metrics_after_replay.txt'): Promise<Metrics>;

  /** Everything sampled so far: twice a second, after some minutes more rarely. */
  samples(): readonly Sample[];
  /** The most records that a group was behind since the run began, as sampled. */
  peakLag(service: Consumer): number;
  /** How many members a group had, as sampled since this moment (ms since 1970). */
  membership(service: Consumer, sinceMs: number): Membership;
  /** How a client of your own reaches this lab's Kafka; to be asked anew after the lab was started again. */
  readonly kafka: KafkaAccess;
  /** Names of topics and groups in this lab. */
  readonly names: {
    orders: string;
    inventory: string;
    ordersDlq: string;
    inventoryDlq: string;
    notifications: string;
    /** Written by the broker, for the share group of notification-service. */
    notificationsDlq: string;
    notificationGroup: string;
    inventoryGroup: string;
    analyticsGroup: string;
  };
};

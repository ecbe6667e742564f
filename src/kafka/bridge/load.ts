/** Loads the addon of native/, in one place. Nothing outside of this folder uses it: the files named `bridge-*` are its face. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { sayWord, withWords } from '../client/client-words.ts';
import { ReplaygroundError } from '../errors.ts';
import type { PartitionOffset } from '../partition.ts';

/** librdkafka's configuration (names: its CONFIGURATION.md). */
export type BridgeConfig = Record<string, string | number | boolean>;

/** A line of librdkafka's log, or an error of a client as a whole: unreachable brokers, a refused login, a fatal error. */
export type Notice = { kind: 'log' | 'error'; level: number; code: number; isFatal: boolean; facility: string; text: string };

export type PartitionAnswer = PartitionOffset & { metadata?: string; code?: number; text?: string };
export type Mark = PartitionOffset & { code: number; text: string };

/** What a rebalance asks for; `protocol` says by which kind of call it is answered. */
export type Rebalance = {
  kind: 'assign' | 'revoke';
  /** The partitions are gone already: what was read of them can no longer be committed. */
  lost: boolean;
  protocol: 'EAGER' | 'COOPERATIVE' | 'NONE';
  partitions: PartitionOffset[];
};

export type RawBatch = {
  count: number;
  buffer: ArrayBuffer;
  topics: string[];
  ends: PartitionOffset[];
  errors: Mark[];
  rebalances: Rebalance[];
};
export type RawShareBatch = Pick<RawBatch, 'count' | 'buffer' | 'topics' | 'errors'> & { deliveryCounts: Int32Array };
export type RawReports = { count: number; buffer: ArrayBuffer; refused: { index: number; code: number; text: string }[] };

/** `source` as Kafka calls it: `DYNAMIC_TOPIC_CONFIG`, ...; a secret has no value. */
export type RawTopicConfigs = {
  topic: string;
  code?: number;
  text?: string;
  configs: { name: string; value: string | null; source: string }[];
};

type Columns = [count: number, bytes: Uint8Array, fields: Int32Array, times: Float64Array];
type Listener = (notice: Notice) => void;
/** `partitions`: -1 where there is no such topic. `clusterId`: null where the brokers do not tell it. */
export type Metadata = { brokers: number; partitions: number; clusterId: string | null };
type Common = { metadata(topic: string | null, timeoutMs: number): Promise<Metadata> };

export type PartitionCall = 'commit' | 'committed' | 'position' | 'pause' | 'resume' | 'times' | 'seek';
export type AssignCall = 'assign' | 'unassign' | 'incremental-assign' | 'incremental-unassign';
export type ProducerStep = 'init' | 'begin' | 'commit' | 'abort';

export type RawConsumer = Common & {
  subscribe(topics: { topic: string; partition: number }[]): Promise<void>;
  consume(maxRecords: number, maxBytes: number, withinMs: number, untilEnd: boolean): Promise<RawBatch>;
  wake(): void;
  assign(how: AssignCall, partitions: readonly Partial<PartitionOffset>[]): Promise<void>;
  withPartitions(what: PartitionCall, partitions: readonly object[], timeoutMs: number): Promise<PartitionAnswer[]>;
  watermarks(topic: string, partition: number, timeoutMs: number): Promise<{ low: number; high: number }>;
  close(): Promise<void>;
};

export type RawProducer = Common & {
  topic(name: string): number;
  produce(...args: [...Columns, withinMs: number]): Promise<RawReports>;
  send(...args: [...Columns, withinMs: number]): Promise<void>;
  transact(...args: [...Columns, withinMs: number, offsets: readonly object[], consumer: RawConsumer | null]): Promise<void>;
  sendOffsets(offsets: readonly object[], consumer: RawConsumer, timeoutMs: number): Promise<void>;
  step(what: ProducerStep, timeoutMs: number): Promise<void>;
  topicConfigs(topics: readonly string[], timeoutMs: number): Promise<RawTopicConfigs[]>;
  setGroupConfigs(group: string, namesAndValues: readonly string[], timeoutMs: number): Promise<void>;
  close(timeoutMs: number): Promise<void>;
};

export type RawShareConsumer = {
  subscribe(topics: { topic: string; partition: number }[]): Promise<void>;
  poll(withinMs: number): Promise<RawShareBatch>;
  acknowledge(types: Uint8Array, timeoutMs: number): Promise<PartitionAnswer[]>;
  close(): Promise<void>;
};

type Addon = {
  Consumer: new (config: BridgeConfig, options: { headers: boolean; isMainThread: boolean }, listener: Listener) => RawConsumer;
  Producer: new (config: BridgeConfig, options: { isMainThread: boolean }, listener: Listener) => RawProducer;
  ShareConsumer: new (config: BridgeConfig, options: { headers: boolean; isMainThread: boolean }, listener: Listener) => RawShareConsumer;
  librdkafkaVersion: string;
  features: string;
};

let loaded: Addon | undefined;

function load(): Addon {
  // It is linked with the client's librdkafka, so there is one in a process. The path is the same from src/ and from dist/.
  const path = fileURLToPath(new URL('../../../native/build/bridge.node', import.meta.url));
  try {
    loaded ??= createRequire(import.meta.url)(path) as Addon;
    return loaded;
  } catch (error) {
    throw new ReplaygroundError(
      'bridge-missing',
      `the bridge to librdkafka cannot be loaded (${path}): run ./lab doctor, it builds what is missing`,
      {
        cause: error,
      },
    );
  }
}

const spoken =
  (listener: Listener): Listener =>
  (notice) => {
    sayWord(notice);
    listener(notice);
  };

/** @throws what librdkafka says of a configuration that it refuses */
export const openConsumer = (config: BridgeConfig, headers: boolean, listener: Listener): RawConsumer =>
  new (load().Consumer)(withWords(config), { headers, isMainThread }, spoken(listener));

/** @throws what librdkafka says of a configuration that it refuses */
export const openProducer = (config: BridgeConfig, listener: Listener): RawProducer =>
  new (load().Producer)(withWords(config), { isMainThread }, spoken(listener));

/** @throws what librdkafka says of a configuration that it refuses */
export const openShareConsumer = (config: BridgeConfig, headers: boolean, listener: Listener): RawShareConsumer =>
  new (load().ShareConsumer)(withWords(config), { headers, isMainThread }, spoken(listener));

/** @returns librdkafka's version, and what it was built with: codecs, SASL, TLS */
export function bridgeVersion(): { librdkafka: string; features: string[] } {
  const { librdkafkaVersion, features } = load();
  return { librdkafka: librdkafkaVersion, features: features.split(',') };
}

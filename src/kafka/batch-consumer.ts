/** A member of a consumer group that is asked for the next batch: rebalances happen between batches, never within one. */

import type { KafkaConsumer, Message, TopicPartition, TopicPartitionOffset } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ReplaygroundError } from '../errors.ts';
import { ask, kafkaError } from './ask.ts';
import { type ClientConfig, connectConsumer, prefetch } from './connect.ts';
import { partitionKey } from './partition.ts';
import { watermarks } from './read-to-end.ts';

/** Records in the order of each partition, and how far each partition was read: past control records, where its end was seen. */
export type Batch = { records: Message[]; positions: TopicPartitionOffset[] };

export type BatchLimits = { maxRecords: number; maxBytes: number; withinMs: number };

export type GroupCallbacks = {
  /** Called before the first record of a new assignment: make the state ready and say where to start. */
  onAssigned: (partitions: TopicPartition[]) => Promise<TopicPartitionOffset[]>;
  /** Called before partitions are given up: finish what is under way. Records handed out later belong to the next assignment. */
  onRevoked: () => Promise<void>;
};

const assignPartitionsCode = -175;
/** Few enough that a steady trickle (the client waits 1 ms for each next record) cannot hold a batch back for long. */
const chunkRecords = 256;
const marginMs = 10_000;
/** After so long without a record the broker is asked whether there is one; twice the same answer is a stall (ms). */
const defaultSilenceMs = 15_000;

export class BatchConsumer implements AsyncDisposable {
  readonly client: KafkaConsumer;
  readonly #disconnect: () => PromiseLike<void>;
  readonly #callbacks: GroupCallbacks;
  readonly #silenceMs: number;
  /** Rebalance steps the client waits for, in order; undefined means "give everything up". */
  readonly #steps: (TopicPartition[] | undefined)[] = [];
  #ends: TopicPartitionOffset[] = [];
  #assigned: TopicPartition[] = [];
  #paused = false;
  #closing = false;
  /** How far each owned partition was read, by `partitionKey`. */
  #positions = new Map<string, number>();
  #silentSince = Date.now();
  #suspected = false;

  private constructor(client: KafkaConsumer, disconnect: () => PromiseLike<void>, callbacks: GroupCallbacks, silenceMs: number) {
    this.#silenceMs = silenceMs;
    this.client = client;
    this.#disconnect = disconnect;
    this.#callbacks = callbacks;
  }

  /**
   * Joins the group.
   * @param config librdkafka's configuration with `group.id`
   * @param topics what to subscribe to
   * @param callbacks called between batches
   * @param silenceMs after how long without a record the broker is asked whether there is one
   */
  static async join(
    config: ClientConfig,
    topics: string[],
    callbacks: GroupCallbacks,
    silenceMs: number = defaultSilenceMs,
  ): Promise<BatchConsumer> {
    let self: BatchConsumer | undefined;
    const connected = await connectConsumer(
      {
        'enable.auto.commit': false,
        'enable.partition.eof': true,
        'isolation.level': 'read_committed',
        'auto.offset.reset': 'earliest',
        'partition.assignment.strategy': 'range',
        // The shortest that brokers allow by default: after a crash the partitions wait this long for the next owner.
        'session.timeout.ms': 6000,
        'heartbeat.interval.ms': 1500,
        ...prefetch,
        'fetch.wait.max.ms': 100,
        ...config,
      },
      (error, partitions) => {
        if (self) self.#onRebalance(error.code, partitions);
      },
    );
    self = new BatchConsumer(connected.client, () => connected[Symbol.asyncDispose](), callbacks, silenceMs);
    self.client.on('partition.eof', (end) => self.#ends.push(end));
    self.client.subscribe(topics);
    return self;
  }

  /** The partitions this member owns now. */
  get assigned(): readonly TopicPartition[] {
    return this.#assigned;
  }

  /**
   * @param limits when a batch is full: records, bytes of values, or milliseconds since the call
   * @returns the next batch of the current assignment; empty where nothing came in time
   * @throws ReplaygroundError `kafka-error`, `kafka-deadline`
   */
  async next(limits: BatchLimits): Promise<Batch> {
    await this.#rebalance();
    const end = Date.now() + limits.withinMs;
    const records: Message[] = [];
    this.#ends = [];
    let bytes = 0;
    do {
      const remaining = Math.max(1, end - Date.now());
      const chunk = await this.#consume(Math.min(chunkRecords, limits.maxRecords - records.length), remaining);
      if (this.#steps.length > 0) return { records: [], positions: [] };
      for (const record of chunk) {
        records.push(record);
        bytes += record.size;
      }
    } while (records.length < limits.maxRecords && bytes < limits.maxBytes && Date.now() < end);
    const positions = readUpTo(records, this.#ends);
    await this.#watchForStall(positions);
    return { records, positions };
  }

  /** Stops or goes on fetching, as a member of the group all the while. */
  setPaused(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    this.#heard();
    if (this.#assigned.length === 0) return;
    if (paused) this.client.pause([...this.#assigned]);
    else this.client.resume([...this.#assigned]);
  }

  /** Reads on from these offsets; the partitions must be owned. Records already handed out stay handed out. */
  restartAt(offsets: TopicPartitionOffset[]): void {
    this.client.assign(offsets);
    this.#positions = new Map(offsets.map((start) => [partitionKey(start), Math.max(0, start.offset)]));
    this.#heard();
    if (this.#paused) this.client.pause([...this.#assigned]);
  }

  /** Leaves the group. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    await this.#disconnect();
  }

  #onRebalance(code: number, partitions: TopicPartition[]): void {
    if (this.#closing) this.client.unassign();
    else this.#steps.push(code === assignPartitionsCode ? partitions : undefined);
  }

  async #rebalance(): Promise<void> {
    while (this.#steps.length > 0) {
      const partitions = this.#steps.shift();
      if (partitions === undefined) {
        await this.#callbacks.onRevoked();
        this.#assigned = [];
        this.client.unassign();
      } else {
        const offsets = await this.#callbacks.onAssigned(partitions);
        this.#assigned = partitions;
        this.restartAt(offsets);
      }
    }
  }

  #heard(): void {
    this.#silentSince = Date.now();
    this.#suspected = false;
  }

  /** The client can go on sending heartbeats for a partition that it reads nothing from: then nobody does (librdkafka #5456). */
  async #watchForStall(positions: TopicPartitionOffset[]): Promise<void> {
    for (const position of positions) this.#positions.set(partitionKey(position), position.offset);
    if (positions.length > 0 || this.#paused || this.#assigned.length === 0) this.#heard();
    if (Date.now() - this.#silentSince < this.#silenceMs) return;
    const unread = await this.#unread();
    if (unread && this.#suspected) {
      throw new ReplaygroundError('stalled', `${partitionKey(unread)} has records up to ${unread.end}, but the client gives none`);
    }
    this.#heard();
    this.#suspected = unread !== undefined;
  }

  /** The first partition that ends beyond what was read; its end is that of committed records, as for this client. */
  async #unread(): Promise<{ topic: string; partition: number; end: number } | undefined> {
    for (const { topic, partition } of this.#assigned) {
      const { highOffset: end } = await watermarks(this.client, { topic, partition });
      if (end > (this.#positions.get(partitionKey({ topic, partition })) ?? 0)) return { topic, partition, end };
    }
    return undefined;
  }

  #consume(count: number, timeoutMs: number): Promise<Message[]> {
    this.client.setDefaultConsumeTimeout(timeoutMs);
    return ask('consume', timeoutMs + chunkRecords + marginMs, (callback) => this.client.consume(count, callback));
  }
}

/** The next offset to read of each partition: past its last record, or past its end where that was seen (KIP-98 control records). */
function readUpTo(records: Message[], ends: TopicPartitionOffset[]): TopicPartitionOffset[] {
  const positions = new Map<string, TopicPartitionOffset>();
  const advance = (topic: string, partition: number, offset: number) => {
    const key = partitionKey({ topic, partition });
    if (offset > (positions.get(key)?.offset ?? -1)) positions.set(key, { topic, partition, offset });
  };
  for (const { topic, partition, offset } of records) advance(topic, partition, offset + 1);
  for (const { topic, partition, offset } of ends) advance(topic, partition, offset);
  return [...positions.values()];
}

/**
 * What a group has committed, waiting for transactions under way (KIP-447, `require_stable`): the consumer must read committed.
 * @param consumer a member of the group
 * @param partitions which partitions
 * @param timeoutMs longer than the longest transaction (ms)
 * @returns offset and metadata of each; the offset is undefined where nothing is committed
 */
export async function committedOffsets(
  consumer: KafkaConsumer,
  partitions: TopicPartition[],
  timeoutMs: number,
): Promise<(TopicPartition & { offset: number | undefined; metadata: string | undefined })[]> {
  const answer = await ask<(TopicPartitionOffset & { metadata?: string | null })[]>(
    'read the committed offsets',
    timeoutMs + marginMs,
    (callback) => consumer.committed(partitions, timeoutMs, callback),
  );
  return answer.map(({ topic, partition, offset, metadata, error }) => {
    if (error) throw kafkaError(`read the committed offset of ${topic}/${partition}`, error);
    return { topic, partition, offset: offset >= 0 ? offset : undefined, metadata: metadata || undefined };
  });
}

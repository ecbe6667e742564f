/** A member of a consumer group that is asked for the next batch: rebalances happen between batches, never within one. */

import type { KafkaConsumer, Message, TopicPartition, TopicPartitionOffset } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ReplaygroundError } from '../errors.ts';
import { ask, kafkaError } from './ask.ts';
import { type ClientConfig, connectConsumer, prefetch } from './connect.ts';
import { partitionKey } from './partition.ts';
import { watermarks } from './read-to-end.ts';

/** How many records were read, and how far each partition was read: past control records, where its end was seen. */
export type Batch = { count: number; positions: TopicPartitionOffset[] };

export type BatchLimits = { maxRecords: number; maxBytes: number; withinMs: number };

export type GroupCallbacks = {
  /** Called before the first record of a new assignment: make the state ready and say where to start. */
  onAssigned: (partitions: TopicPartition[]) => Promise<TopicPartitionOffset[]>;
  /** Called before partitions are given up: finish what is under way. Records handed out later belong to the next assignment. */
  onRevoked: () => Promise<void>;
};

const nothing: Batch = { count: 0, positions: [] };

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
        // So long a rebalance waits for a member that does not join, and it may be a dead one: a broker that came back after kill -9 was seen
        // to load a group without the session timers of its members (the client's default: 5 minutes). The longest throttle is 60 s.
        'max.poll.interval.ms': 90_000,
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
   * Reads the next batch of the current assignment.
   * @param limits when it is full: records, bytes of values, or milliseconds since the call
   * @param take gets its records in chunks as they come, in the order of each partition: the sooner a record is let go of, the
   *   cheaper it is
   * @param signal ends it at once, also while partitions are taken over: their offsets may wait for the transaction of somebody who is
   *   gone. The consumer is of no use then, but to be disposed of.
   * @returns what was read; without positions, nothing was, and what `take` got is void: a rebalance came in between, or the signal
   * @throws ReplaygroundError `kafka-error`, `kafka-deadline`
   */
  next(limits: BatchLimits, take: (records: Message[]) => void, signal: AbortSignal): Promise<Batch> {
    if (signal.aborted) return Promise.resolve(nothing);
    const { promise, resolve, reject } = Promise.withResolvers<Batch>();
    const stop = (): void => resolve(nothing);
    signal.addEventListener('abort', stop, { once: true });
    const takeWhileWanted = (records: Message[]): void => {
      if (!signal.aborted) take(records);
    };
    this.#read(limits, takeWhileWanted)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
    return promise;
  }

  async #read(limits: BatchLimits, take: (records: Message[]) => void): Promise<Batch> {
    await this.#rebalance();
    const end = Date.now() + limits.withinMs;
    const positions = new Positions();
    this.#ends = [];
    let count = 0;
    let bytes = 0;
    do {
      const remaining = Math.max(1, end - Date.now());
      const chunk = await this.#consume(Math.min(chunkRecords, limits.maxRecords - count), remaining);
      if (this.#steps.length > 0) return nothing;
      for (const record of chunk) {
        positions.advance(record, record.offset + 1);
        bytes += record.size;
      }
      count += chunk.length;
      if (chunk.length > 0) take(chunk);
    } while (count < limits.maxRecords && bytes < limits.maxBytes && Date.now() < end);
    // Past the end of a partition, where that was seen: its last record may be a control record (KIP-98).
    for (const at of this.#ends) positions.advance(at, at.offset);
    await this.#watchForStall(positions.all);
    return { count, positions: positions.all };
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

/** The next offset to read of each partition; it only grows. */
class Positions {
  readonly #byTopic = new Map<string, TopicPartitionOffset[]>();

  advance({ topic, partition }: TopicPartition, offset: number): void {
    const partitions = this.#byTopic.get(topic) ?? [];
    if (partitions.length === 0) this.#byTopic.set(topic, partitions);
    const known = partitions[partition];
    if (!known) partitions[partition] = { topic, partition, offset };
    else if (offset > known.offset) known.offset = offset;
  }

  get all(): TopicPartitionOffset[] {
    return [...this.#byTopic.values()].flatMap((partitions) => Object.values(partitions));
  }
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

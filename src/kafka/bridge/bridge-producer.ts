/** A producer that takes a batch of records as one block of memory; a transaction with its offsets is one call. */
import type { PartitionOffset } from '../partition.ts';
import type { BatchWriter } from './batch-writer.ts';
import type { BridgeConsumer } from './bridge-consumer.ts';
import { toProjectError, within } from './bridge-error.ts';
import {
  type BridgeConfig,
  type Metadata,
  type Notice,
  openProducer,
  type ProducerStep,
  type RawProducer,
  type RawTopicConfigs,
} from './load.ts';

/** What became of a batch, record by record. */
export type DeliveryReports = {
  /** Where each record is in the log; -1 for one that was refused. */
  offsets: Float64Array;
  partitions: Int32Array;
  /** Those that are not in the log, by their place in the batch. */
  refused: { index: number; code: number; text: string }[];
};

export type Offsets = readonly (PartitionOffset & { metadata?: string })[];

const marginMs = 3_000;
const closeTimeoutMs = 5_000;

/** Blocks neither JavaScript nor libuv's pool: each producer has threads of its own. Calls are done one after the other. */
export class BridgeProducer implements AsyncDisposable {
  readonly #raw: RawProducer;
  readonly #topics = new Map<string, number>();
  #closed: Promise<void> | undefined;

  /**
   * @param config librdkafka's configuration
   * @param options `onNotice`: log lines and errors of the client as a whole
   * @throws ReplaygroundError `kafka-error` for a configuration that librdkafka refuses
   */
  constructor(config: BridgeConfig, { onNotice = () => {} }: { onNotice?: (notice: Notice) => void } = {}) {
    try {
      this.#raw = openProducer(config, onNotice);
    } catch (error) {
      throw toProjectError('configure the client', error);
    }
  }

  /** @returns the number by which a batch names this topic to this producer */
  topic(name: string): number {
    const known = this.#topics.get(name);
    if (known !== undefined) return known;
    const number = this.#raw.topic(name);
    this.#topics.set(name, number);
    return number;
  }

  /**
   * Sends a batch, outside of transactions. While librdkafka's queue is full it waits: that is the back-pressure.
   * @param withinMs how long it may wait for room; the rest is refused then (`_QUEUE_FULL`). The broker has `message.timeout.ms` beside.
   * @returns when every record is in the log or refused
   */
  async produce(batch: BatchWriter, withinMs: number, messageTimeoutMs = 300_000): Promise<DeliveryReports> {
    const { count, buffer, refused } = await within('send the records', withinMs + messageTimeoutMs + marginMs, () =>
      this.#raw.produce(batch.count, batch.bytes.subarray(0, batch.length), batch.fields, batch.times, withinMs),
    );
    return { offsets: new Float64Array(buffer, 0, count), partitions: new Int32Array(buffer, count * 8, count), refused };
  }

  /** Aborts what an earlier life left open, and fences it should it still run (KIP-98). */
  initTransactions(withinMs: number): Promise<void> {
    return this.#step('start as a transactional producer', 'init', withinMs);
  }

  /**
   * A whole transaction: begin, send all, put the offsets in, commit (KIP-98, KIP-447).
   * @param offsets may be empty; else they are the consumer's, whose group metadata fences a member that was thrown out
   * @param withinMs for all of it
   * @throws ReplaygroundError `kafka-error`: `bridgeError` tells whether it can be aborted; `kafka-deadline`
   */
  transact(batch: BatchWriter, offsets: Offsets, consumer: BridgeConsumer | null, withinMs: number): Promise<void> {
    return within('commit the transaction', withinMs + marginMs, () =>
      this.#raw.transact(
        batch.count,
        batch.bytes.subarray(0, batch.length),
        batch.fields,
        batch.times,
        withinMs,
        offsets,
        consumer?.raw ?? null,
      ),
    );
  }

  begin(): Promise<void> {
    return this.#step('begin a transaction', 'begin', marginMs);
  }

  /** Writes records within a transaction that was begun, and waits until the broker has them. Throws as `transact` does. */
  send(batch: BatchWriter, withinMs: number): Promise<void> {
    return within('send the records', withinMs + marginMs, () =>
      this.#raw.send(batch.count, batch.bytes.subarray(0, batch.length), batch.fields, batch.times, withinMs),
    );
  }

  sendOffsets(offsets: Offsets, consumer: BridgeConsumer, withinMs: number): Promise<void> {
    return within('put the offsets into the transaction', withinMs + marginMs, () =>
      this.#raw.sendOffsets(offsets, consumer.raw, withinMs),
    );
  }

  commit(withinMs: number): Promise<void> {
    return this.#step('commit the transaction', 'commit', withinMs);
  }

  abort(withinMs: number): Promise<void> {
    return this.#step('abort the transaction', 'abort', withinMs);
  }

  /** @returns the cluster's brokers and id, and the topic's partitions. Also the way to see that Kafka is there. */
  metadata(topic: string | null, withinMs = 10_000): Promise<Metadata> {
    return within('ask for metadata', withinMs + marginMs, () => this.#raw.metadata(topic, withinMs));
  }

  /** How these topics are configured: one answer each; `code` and `text` where the broker answered with an error. */
  topicConfigs(topics: readonly string[], withinMs = 10_000): Promise<RawTopicConfigs[]> {
    return within('describe how topics are configured', withinMs + marginMs, () => this.#raw.topicConfigs(topics, withinMs));
  }

  /** Sets configurations of a group on the broker, and leaves its others (KIP-848: `kafka-configs --entity-type groups`). */
  setGroupConfigs(group: string, configs: Readonly<Record<string, string>>, withinMs = 10_000): Promise<void> {
    return within('configure a group', withinMs + marginMs, () =>
      this.#raw.setGroupConfigs(group, Object.entries(configs).flat(), withinMs),
    );
  }

  /** Sends what is under way, for a few seconds; what is left is reported as refused. Idempotent; calls that did not begin are done first. */
  close(): Promise<void> {
    this.#closed ??= within('close the producer', closeTimeoutMs * 2, () => this.#raw.close(closeTimeoutMs));
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #step(what: string, step: ProducerStep, withinMs: number): Promise<void> {
    return within(what, withinMs + marginMs, () => this.#raw.step(step, withinMs));
  }
}

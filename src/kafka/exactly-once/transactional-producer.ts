/** Writes batches exactly once: records and offsets in one transaction (KIP-98, KIP-447), by a producer that begins anew after a refusal. */

import { errorOfCode } from '../admin/with-deadline.ts';
import type { BridgeConsumer } from '../bridge/bridge-consumer.ts';
import { type BridgeError, bridgeError } from '../bridge/bridge-error.ts';
import type { BridgeProducer } from '../bridge/bridge-producer.ts';
import { reachProducer } from '../bridge/reach.ts';
import type { ClientConfig } from '../client/connect.ts';
import { conceded, isRefusal } from '../dead-letters/fit-letter.ts';
import { refusal, topicsOf } from '../dead-letters/send-conceding.ts';
import type { Partition } from '../partition.ts';
import { headerPairs } from '../record/headers.ts';
import type { Output } from '../record/output.ts';
import type { Passing, Shipment } from './delivery.ts';
import { endForgottenRecords } from './forgotten-records.ts';

/** How long an unfinished transaction may hold up readers when its writer is gone (ms). */
export const transactionTimeoutMs = 10_000;

export type TransactionalOptions = {
  config: ClientConfig;
  /** The same for each life of an instance. */
  transactionalId: string;
  /** What batches are written to, in the order of their numbers. */
  topics: readonly string[];
};

export class TransactionalProducer implements AsyncDisposable {
  readonly #options: TransactionalOptions;
  #producer: BridgeProducer;

  private constructor(options: TransactionalOptions, producer: BridgeProducer) {
    this.#options = options;
    this.#producer = producer;
  }

  /**
   * Aborts what an earlier life left open, also what Kafka has forgotten of it, and fences it should it still run (KIP-98).
   * @throws ReplaygroundError `kafka-unreachable`, `kafka-error`, `kafka-deadline`
   */
  static async open(options: TransactionalOptions): Promise<TransactionalProducer> {
    return new TransactionalProducer(options, await openProducer(options));
  }

  /**
   * A crash anywhere leaves records and offsets, or neither. Where the broker refuses a dead letter, the transaction is given up and the same
   * batch is written with letters that it may take. The batch is of no use for anything else until this is over.
   * @param consumer whose offsets they are; its group metadata fences a member that was thrown out
   * @param passing where given, the transaction is made step by step, which is slower, and this is called at each of its points
   * @throws ReplaygroundError `refused` where nothing helps; `kafka-error`, `kafka-deadline`
   */
  async deliver(consumer: BridgeConsumer, { batch, letters, positions }: Shipment, passing?: Passing): Promise<void> {
    const mark = batch.mark();
    for (let tried = letters; ; ) {
      for (const letter of tried) batch.write(this.#outgoing(letter));
      try {
        if (passing) return await this.#stepByStep(consumer, { batch, positions }, passing);
        return await this.#producer.transact(batch, positions, consumer, transactionTimeoutMs);
      } catch (error) {
        // What follows a refused record in its partition fails too, for its sequence number: only the refusal itself counts.
        const refused = bridgeError(error)?.refused?.filter(({ code }) => isRefusal(code)) ?? [];
        const next = conceded(tried, refused[0]?.code, Date.now());
        if (next === undefined) throw this.#refusal(refused, error, { batch: mark.count, letters: tried, positions });
        await this.#beginAnew();
        batch.backTo(mark);
        tried = next;
      }
    }
  }

  /**
   * Frees offsets that a transaction of this id has left in the group and that nobody ends any more: whoever asks for stable offsets (KIP-447)
   * waits for them for ever. The group knows them by the producer, so a transaction of the same id that is given up takes them along.
   * @param consumer a member of the group
   * @param partitions whose offsets are held up; what is committed of them stays as it is
   */
  async freeOffsets(consumer: BridgeConsumer, partitions: readonly Partition[]): Promise<void> {
    await this.#producer.begin();
    await this.#producer.sendOffsets(
      partitions.map(({ topic, partition }) => ({ topic, partition, offset: 0 })),
      consumer,
      transactionTimeoutMs,
    );
    await this.abort();
  }

  /** Gives up the transaction under way; the producer may go on after that (KIP-360). */
  abort(): Promise<void> {
    return this.#producer.abort(transactionTimeoutMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#producer.close();
  }

  #outgoing({ topic, headers, ...record }: Output) {
    return { ...record, topic: this.#producer.topic(topic), headers: headerPairs(headers) };
  }

  #refusal(
    refused: NonNullable<BridgeError['refused']>,
    error: unknown,
    { batch, letters, positions }: Omit<Shipment, 'batch'> & { batch: number },
  ): unknown {
    const those = refused.flatMap(({ index }) => letters[index - batch] ?? []);
    const topics = those.length > 0 ? topicsOf(those) : this.#options.topics;
    return refusal(those, topics, refused[0] ? errorOfCode('write a record', refused[0]) : error, positions);
  }

  async #stepByStep(consumer: BridgeConsumer, { batch, positions }: Omit<Shipment, 'letters'>, passing: Passing): Promise<void> {
    await this.#producer.begin();
    await this.#producer.send(batch, transactionTimeoutMs);
    await passing('after-produce');
    await this.#producer.sendOffsets(positions, consumer, transactionTimeoutMs);
    await passing('before-commit');
    await this.#producer.commit(transactionTimeoutMs);
    await passing('after-commit');
  }

  /**
   * librdkafka has counted the record that was refused, the broker has not: whatever this producer sends to the partition has a gap in its
   * sequence numbers, also after an abort (2.15.1). A new one begins at 0; that it begins aborts the transaction.
   */
  async #beginAnew(): Promise<void> {
    // Not awaited: it may try to send what is left until its own time is up, and the broker takes nothing of it any more.
    void this.#producer.close().catch(() => {});
    this.#producer = await openProducer(this.#options);
  }
}

async function openProducer({ config, transactionalId, topics }: TransactionalOptions): Promise<BridgeProducer> {
  const producer = await reachProducer({
    ...config,
    'transactional.id': transactionalId,
    'transaction.timeout.ms': transactionTimeoutMs,
    'compression.type': 'lz4',
    'linger.ms': 5,
    // A dead letter may be as large as what was read.
    'message.max.bytes': 64 * 1024 * 1024,
    'queue.buffering.max.messages': 1_000_000,
  });
  for (const topic of topics) producer.topic(topic);
  await producer.initTransactions(transactionTimeoutMs * 2);
  await endForgottenRecords(producer, config, topics, transactionTimeoutMs);
  return producer;
}

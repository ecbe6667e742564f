/** Delivery guarantees: in which order a batch is written and its offsets are committed, and what a crash in between costs. */

import { errorOfCode } from '../admin/with-deadline.ts';
import type { BatchWriter } from '../bridge/batch-writer.ts';
import type { BridgeConsumer } from '../bridge/bridge-consumer.ts';
import type { BridgeProducer } from '../bridge/bridge-producer.ts';
import { reachProducer } from '../bridge/reach.ts';
import type { ClientConfig } from '../client/connect.ts';
import { refusal, sendConceding } from '../dead-letters/send-conceding.ts';
import type { PartitionOffset } from '../partition.ts';
import { sendingConfig } from '../producer/send-records.ts';
import type { Output } from '../record/output.ts';

/** By what a crash may cost: nothing, records twice, records lost (Kafka's documentation, "Message Delivery Semantics"). */
export const deliveries = ['exactly-once', 'at-least-once', 'at-most-once'] as const;
export type Delivery = (typeof deliveries)[number];

/** Where a batch can be interrupted, named after what has just happened, or is about to. */
export const crashPoints = ['before-commit', 'after-produce', 'after-commit'] as const;
export type CrashPoint = (typeof crashPoints)[number];

/** Where, and at which batch with records: `every` counts from the start of the process; without it, the next one, once. */
export type Crash = { point: CrashPoint; every?: number };

/** `none`, `after-produce` (once) or `after-produce:50` (at every 50th batch). From the 2nd on: at every batch nothing would ever get done. */
export const crashPattern = `^(none|(${crashPoints.join('|')})(:([2-9]|[1-9]\\d{1,5}))?)$`;

/** @param text fits `crashPattern` */
export function parseCrash(text: string): Crash | undefined {
  const [point, every] = text.split(':');
  if (point === 'none') return undefined;
  return { point: point as CrashPoint, ...(every !== undefined && { every: Number(every) }) };
}

/** Called on the way through a batch; does not come back where a crash is wanted. */
export type Passing = (point: CrashPoint) => Promise<void>;

/** Written in their order within a partition. Letters may be conceded to, see `fit-letter.ts`; `positions` are the next offsets to read. */
export type Shipment = {
  /** Its records name their topics by the numbers of the producer's topics, in the order in which it was told of them. */
  batch: BatchWriter;
  letters: readonly Output[];
  positions: readonly (PartitionOffset & { metadata?: string })[];
};

const produceMs = 15_000;

/** The weaker guarantees, to see what they cost; both write through a producer of their own, which is no transactional one. */
export class WeakDelivery implements AsyncDisposable {
  readonly #config: ClientConfig;
  readonly #topics: readonly string[];
  #producer: Promise<BridgeProducer> | undefined;

  /**
   * @param config librdkafka's configuration; nothing is connected before it is needed
   * @param topics what batches are written to, in the order of their numbers
   */
  constructor(config: ClientConfig, topics: readonly string[]) {
    this.#config = config;
    this.#topics = topics;
  }

  /** First the records, then the offsets: a crash between the two repeats the batch. */
  async atLeastOnce(consumer: BridgeConsumer, shipment: Shipment, passing: Passing): Promise<void> {
    await this.#send(shipment);
    await passing('after-produce');
    await passing('before-commit');
    await commit(consumer, shipment);
    await passing('after-commit');
  }

  /** First the offsets, then the records: a crash between the two loses the batch. */
  async atMostOnce(consumer: BridgeConsumer, shipment: Shipment, passing: Passing): Promise<void> {
    await passing('before-commit');
    await commit(consumer, shipment);
    await passing('after-commit');
    await this.#send(shipment);
    await passing('after-produce');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#producer)?.[Symbol.asyncDispose]();
  }

  async #send({ batch, letters, positions }: Shipment): Promise<void> {
    this.#producer ??= this.#open();
    const producer = await this.#producer;
    const { refused } = await producer.produce(batch, produceMs, produceMs);
    if (refused[0]) throw refusal([], this.#topics, errorOfCode('write a record', refused[0]), positions);
    await sendConceding(producer, letters);
  }

  async #open(): Promise<BridgeProducer> {
    const producer = await reachProducer({ ...this.#config, ...sendingConfig });
    for (const topic of this.#topics) producer.topic(topic);
    return producer;
  }
}

async function commit(consumer: BridgeConsumer, { positions }: Shipment): Promise<void> {
  for (const { topic, partition, code, text } of await consumer.commit(positions)) {
    if (code !== undefined) throw errorOfCode(`commit the offset of ${topic}/${partition}`, { code, text });
  }
}

/** Delivery guarantees: in which order a batch is written and its offsets are committed, and what a crash in between costs. */
import type { KafkaConsumer, Producer, TopicPartitionOffset } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ask } from './ask.ts';
import { type ClientConfig, connectProducer } from './connect.ts';
import type { Output } from './exactly-once.ts';
import { sendingConfig, sendThrough } from './send-records.ts';

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

/** A batch on its way into the log. */
export type Shipment = { outputs: readonly Output[]; positions: TopicPartitionOffset[] };

/** How long an unfinished transaction may hold up readers when its writer is gone (ms). */
export const transactionTimeoutMs = 10_000;
/** The client may ignore its own timeout, so ours is a little longer (ms). */
export const stepDeadlineMs = transactionTimeoutMs + 3_000;

/**
 * Records and offsets in one transaction (KIP-98, KIP-447): a crash anywhere leaves both or neither.
 * @param producer transactional
 * @param consumer whose offsets they are; its group metadata fences a member that was thrown out
 */
export async function deliverExactlyOnce(
  producer: Producer,
  consumer: KafkaConsumer,
  { outputs, positions }: Shipment,
  passing: Passing,
): Promise<void> {
  await ask('begin a transaction', stepDeadlineMs, (callback) => producer.beginTransaction(callback));
  for (const { topic, partition, key, value, headers, timestamp } of outputs) {
    producer.produce(topic, partition, value, key, timestamp, undefined, headers);
  }
  await passing('after-produce');
  await ask('put the offsets into the transaction', stepDeadlineMs, (callback) =>
    producer.sendOffsetsToTransaction(positions, consumer, transactionTimeoutMs, callback),
  );
  await passing('before-commit');
  await ask('commit the transaction', stepDeadlineMs, (callback) => producer.commitTransaction(transactionTimeoutMs, callback));
  await passing('after-commit');
}

/** The weaker guarantees, to see what they cost; both write through a producer of their own, which is no transactional one. */
export class WeakDelivery implements AsyncDisposable {
  readonly #config: ClientConfig;
  #producer: ReturnType<typeof connectProducer> | undefined;

  /** @param config librdkafka's configuration; nothing is connected before it is needed */
  constructor(config: ClientConfig) {
    this.#config = config;
  }

  /** First the records, then the offsets: a crash between the two repeats the batch. */
  async atLeastOnce(consumer: KafkaConsumer, { outputs, positions }: Shipment, passing: Passing): Promise<void> {
    await this.#send(outputs);
    await passing('after-produce');
    await passing('before-commit');
    commit(consumer, positions);
    await passing('after-commit');
  }

  /** First the offsets, then the records: a crash between the two loses the batch. */
  async atMostOnce(consumer: KafkaConsumer, { outputs, positions }: Shipment, passing: Passing): Promise<void> {
    await passing('before-commit');
    commit(consumer, positions);
    await passing('after-commit');
    await this.#send(outputs);
    await passing('after-produce');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#producer)?.[Symbol.asyncDispose]();
  }

  async #send(outputs: readonly Output[]): Promise<void> {
    this.#producer ??= connectProducer({ ...this.#config, ...sendingConfig });
    const outcomes = await sendThrough((await this.#producer).client, outputs);
    const failed = outcomes.find((outcome) => outcome !== undefined);
    if (failed) throw failed;
  }
}

/** Blocks until the broker has it: the client's other commits come back before that. */
const commit = (consumer: KafkaConsumer, positions: TopicPartitionOffset[]): unknown => consumer.commitSync(positions);

/** Consume, process, produce in one Kafka transaction with the offsets (KIP-98, KIP-447). Any failure ends the process. */
import type { LibrdKafkaError, Message, MessageHeader, Producer, TopicPartition } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ask } from './ask.ts';
import { BatchConsumer, committedOffsets } from './batch-consumer.ts';
import { type ClientConfig, type Connected, connectProducer } from './connect.ts';
import {
  type Delivery,
  deliverExactlyOnce,
  type Passing,
  type Shipment,
  stepDeadlineMs,
  transactionTimeoutMs,
  WeakDelivery,
} from './delivery.ts';
import { Pacer } from './pace.ts';

export type Output = {
  topic: string;
  partition: number | null;
  key: Buffer | null;
  value: Buffer | null;
  headers?: MessageHeader[];
  /** Epoch milliseconds; left out: now. */
  timestamp?: number | undefined;
};

/** The work on one batch. Nothing that it remembers may outlive the process before `committed`. */
export type Work = {
  /** Decides on the next records of the batch and returns what to write. */
  take(records: Message[]): Output[];
  /** All that was returned is in the log for good. */
  committed(): void;
  /** Nothing of what was returned will ever be in the log: a rebalance came in between. */
  dropped(): void;
};

/** What the processor does with records. Batches begin and are committed one after the other; the next begins before that. */
export type Handler = {
  /** New partitions: rebuild what is needed to process their records. Transactions of their last owner are over. */
  restore(partitions: TopicPartition[]): Promise<void>;
  /** @param delivery the guarantee by which this batch is delivered */
  begin(delivery: Delivery): Work;
};

export type ExactlyOnceOptions = {
  config: ClientConfig;
  groupId: string;
  /** The same for each life of an instance, so that a new life fences the last one. */
  transactionalId: string;
  topic: string;
  handler: Handler;
  /** Read before each batch, so that a change acts at once. A delivery other than `exactly-once` is for lessons. */
  control: () => { throttleMs: number; paused: boolean; delivery: Delivery };
  /** Called for each batch that holds records; what it gives is called at each step of it. */
  passing: () => Passing;
  signal: AbortSignal;
  /** Called after each step with the partitions owned now. */
  onStep: (partitions: number[]) => void;
};

export const commitIntervalMs = 100;
const maxBatchRecords = 2000;
const maxBatchBytes = 8 * 1024 * 1024;

/**
 * Runs until the signal aborts; then the batch under way is committed and the group is left.
 * @throws whatever failed: the caller must end the process, a new life resumes from the log
 */
export async function runExactlyOnce(options: ExactlyOnceOptions): Promise<void> {
  const { config, groupId, topic, handler, control, signal } = options;
  const producer = await connectTransactional(config, options.transactionalId);
  let commitUnderWay: Promise<void> = Promise.resolve();
  const consumer = await BatchConsumer.join({ ...config, 'group.id': groupId }, [topic], {
    onAssigned: async (partitions) => {
      const committed = await committedOffsets(consumer.client, partitions, transactionTimeoutMs * 2);
      await handler.restore(partitions);
      return committed.map(({ topic, partition, offset }) => ({ topic, partition, offset: offset ?? beginning }));
    },
    onRevoked: () => commitUnderWay,
  });
  const pacer = new Pacer({ maxRecords: maxBatchRecords, withinMs: commitIntervalMs });
  const weak = new WeakDelivery(config);
  const deliver = {
    'exactly-once': (shipment: Shipment, passing: Passing) => deliverExactlyOnce(producer.client, consumer.client, shipment, passing),
    'at-least-once': (shipment: Shipment, passing: Passing) => weak.atLeastOnce(consumer.client, shipment, passing),
    'at-most-once': (shipment: Shipment, passing: Passing) => weak.atMostOnce(consumer.client, shipment, passing),
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const { throttleMs, paused, delivery } = control();
      consumer.setPaused(paused);
      const pace = pacer.begin(throttleMs);
      const work = handler.begin(delivery);
      const outputs: Output[] = [];
      const limits = { maxRecords: pace.maxRecords, maxBytes: maxBatchBytes, withinMs: commitIntervalMs };
      const take = (records: Message[]): void => {
        for (const output of work.take(records)) outputs.push(output);
      };
      const { count, positions } = await consumer.next(limits, take, signal);
      if (positions.length === 0) work.dropped();
      else {
        await pace.slowDown(count, signal);
        await commitUnderWay;
        if (signal.aborted) break;
        // Not awaited: it commits off the main thread while the next batch is read and decided.
        commitUnderWay = deliver[delivery]({ outputs, positions }, count > 0 ? options.passing() : passBy).then(() => work.committed());
        commitUnderWay.catch(() => {});
        if (delivery !== 'exactly-once') await commitUnderWay;
      }
      options.onStep(consumer.assigned.map(({ partition }) => partition));
    }
    await commitUnderWay;
  };
  await run().catch(async (error: unknown) => {
    if (!signal.aborted || !needsAbort(error)) throw error;
    // The group moved on meanwhile and refuses the last batch: whoever owns its partitions now decides on it.
    await ask('abort the transaction', stepDeadlineMs, (callback) => producer.client.abortTransaction(transactionTimeoutMs, callback));
  });
  // Only on the good way out: after a failure the process is ended at once, and a polite goodbye could wait for a stuck call.
  await consumer[Symbol.asyncDispose]();
  await weak[Symbol.asyncDispose]();
  await producer[Symbol.asyncDispose]();
}

/** Whether the client says that this transaction can only be aborted, and that the producer may go on after that (KIP-360). */
const needsAbort = (error: unknown): boolean =>
  error instanceof Error && (error.cause as Partial<LibrdKafkaError> | undefined)?.isTxnRequiresAbort === true;

const passBy: Passing = async () => {};

/** Logical offset "from the beginning" (librdkafka RD_KAFKA_OFFSET_BEGINNING). */
const beginning = -2;

async function connectTransactional(config: ClientConfig, transactionalId: string): Promise<Connected<Producer>> {
  const producer = await connectProducer({
    ...config,
    'transactional.id': transactionalId,
    'transaction.timeout.ms': transactionTimeoutMs,
    'compression.type': 'lz4',
    'linger.ms': 5,
    // A dead letter may be as large as what was read.
    'message.max.bytes': 64 * 1024 * 1024,
    'queue.buffering.max.messages': 1_000_000,
  });
  // Aborts what an earlier life left open, and fences it should it still run (KIP-98).
  await ask('start as a transactional producer', stepDeadlineMs * 2, (callback) =>
    producer.client.initTransactions(transactionTimeoutMs * 2, callback),
  );
  return producer;
}

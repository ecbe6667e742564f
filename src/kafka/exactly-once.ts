/** Consume, process, produce in one Kafka transaction with the offsets (KIP-98, KIP-447). Any failure ends the process. */
import type {
  Message,
  MessageHeader,
  Producer,
  TopicPartition,
  TopicPartitionOffset,
} from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ask } from './ask.ts';
import { BatchConsumer, committedOffsets } from './batch-consumer.ts';
import { type ClientConfig, type Connected, connectProducer } from './connect.ts';
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

/** What the processor does with records. All calls are one after the other. */
export type Handler = {
  /** New partitions: rebuild what is needed to process their records. Transactions of their last owner are over. */
  restore(partitions: TopicPartition[]): Promise<void>;
  /** Decides on a batch and returns what to write; nothing that it remembers may outlive the process before `committed`. */
  process(records: Message[]): Output[];
  /** What `process` returned for the oldest batch that is not committed yet is now in the log for good. */
  committed(): void;
};

export type ExactlyOnceOptions = {
  config: ClientConfig;
  groupId: string;
  /** The same for each life of an instance, so that a new life fences the last one. */
  transactionalId: string;
  topic: string;
  handler: Handler;
  /** Read before each batch, so that a change acts at once. */
  control: () => { throttleMs: number; paused: boolean };
  signal: AbortSignal;
  /** Called after each step with the partitions owned now. */
  onStep: (partitions: number[]) => void;
};

export const commitIntervalMs = 100;
/** How long an unfinished transaction may hold up readers when its writer is gone. */
const transactionTimeoutMs = 10_000;
/** The client may ignore its own timeout, so ours is a little longer. */
const stepDeadlineMs = transactionTimeoutMs + 3_000;
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
  while (!signal.aborted) {
    const { throttleMs, paused } = control();
    consumer.setPaused(paused);
    const pace = pacer.begin(throttleMs);
    const batch = await consumer.next({ maxRecords: pace.maxRecords, maxBytes: maxBatchBytes, withinMs: commitIntervalMs });
    if (batch.positions.length > 0) {
      const outputs = handler.process(batch.records);
      await pace.slowDown(batch.records.length, signal);
      await commitUnderWay;
      if (signal.aborted) break;
      // Not awaited: it commits off the main thread while the next batch is read and decided.
      commitUnderWay = commit(producer.client, consumer, outputs, batch.positions).then(() => handler.committed());
      commitUnderWay.catch(() => {});
    }
    options.onStep(consumer.assigned.map(({ partition }) => partition));
  }
  await commitUnderWay;
  // Only on the good way out: after a failure the process is ended at once, and a polite goodbye could wait for a stuck call.
  await consumer[Symbol.asyncDispose]();
  await producer[Symbol.asyncDispose]();
}

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

async function commit(producer: Producer, consumer: BatchConsumer, outputs: Output[], positions: TopicPartitionOffset[]): Promise<void> {
  await ask('begin a transaction', stepDeadlineMs, (callback) => producer.beginTransaction(callback));
  for (const { topic, partition, key, value, headers, timestamp } of outputs) {
    producer.produce(topic, partition, value, key, timestamp, undefined, headers);
  }
  await ask('put the offsets into the transaction', stepDeadlineMs, (callback) =>
    producer.sendOffsetsToTransaction(positions, consumer.client, transactionTimeoutMs, callback),
  );
  await ask('commit the transaction', stepDeadlineMs, (callback) => producer.commitTransaction(transactionTimeoutMs, callback));
}

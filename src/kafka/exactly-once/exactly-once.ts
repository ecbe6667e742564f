/** Consume, process, produce in one Kafka transaction with the offsets (KIP-98, KIP-447). Any failure ends the process. */

import { BatchWriter } from '../bridge/batch-writer.ts';
import { bridgeError } from '../bridge/bridge-error.ts';
import type { RecordBatch } from '../bridge/record-batch.ts';
import type { ClientConfig } from '../client/connect.ts';
import { BatchConsumer } from '../consumer/batch-consumer.ts';
import { committedOffsets } from '../consumer/committed-offsets.ts';
import type { GroupCallbacks } from '../consumer/group-callbacks.ts';
import type { GroupProtocol } from '../consumer/group-protocol.ts';
import type { UnderWay } from '../consumer/owned-partitions.ts';
import { Pacer } from '../consumer/throttle.ts';
import type { DeletedUnread } from '../groups/deleted-unread.ts';
import { type Partition, type PartitionOffset, partitionKey } from '../partition.ts';
import type { Output } from '../record/output.ts';
import { type Refusals, RefusedError } from '../stalls/refusals.ts';
import type { Unreadable } from '../stalls/unreadable.ts';
import type { MessagingTelemetry } from '../telemetry/messaging.ts';
import { isOfOtherLogs } from './commit-mark.ts';
import { type Delivery, type Passing, type Shipment, WeakDelivery } from './delivery.ts';
import { TransactionalProducer, transactionTimeoutMs } from './transactional-producer.ts';

/** What was decided on one batch. Nothing of it that is remembered may outlive the process before `committed`. */
export type Decided = {
  /** What could not be read. */
  letters: Output[];
  /** All that was written is in the log for good. */
  committed(): void;
};

/** What the processor does with records. Batches are decided on and committed one after the other; the next is decided on before that. */
export type Handler = {
  /**
   * New partitions: rebuild what is needed to process their records. The outcome of transactions of their last owner is decided.
   * @returns those that cannot be rebuilt yet: they are left unread, and asked for again soon
   */
  restore(partitions: Partition[]): Promise<Partition[]>;
  /**
   * @param records the batch; its memory is taken back afterwards, so what is kept is copied
   * @param out gets what is to be written, with the number of its topic in `ExactlyOnceOptions.outputs`
   * @param delivery the guarantee by which this batch is delivered
   * @param traceparent goes with each record that is written, as its header; undefined where no trace is on
   */
  decide(records: RecordBatch, out: BatchWriter, delivery: Delivery, traceparent?: string): Decided;
  /** What was decided and not committed never will be: nothing of it may be remembered. */
  abandon?(): void;
};

/** Keeps a processor from taking one log for another, and from reading what it must not. */
export type LogGuard = {
  /** Stands in the metadata of all commits, see `commitMark`: one of other logs does not count. */
  mark: string;
  /** Told of a commit that does not count: its partition is read from its beginning. */
  onVoid(commit: Partition & { offset: number | undefined }): void;
  /** @returns which of the partitions that were assigned may be read now; what it throws ends the loop */
  admit(partitions: Partition[]): Promise<Partition[]>;
  /** Called when a batch is read and before it is delivered; what it throws ends the loop, and nothing of the batch will be in the log. */
  confirm(): Promise<void>;
};

export type ExactlyOnceOptions = {
  config: ClientConfig;
  groupId: string;
  /** How the members share the partitions; `classic` by default. */
  groupProtocol?: GroupProtocol | undefined;
  /** The same for each life of an instance, so that a new life fences the last one. */
  transactionalId: string;
  topic: string;
  /** The topics that are written to, in the order of the numbers by which the handler names them. */
  outputs: readonly string[];
  handler: Handler;
  /** Left out where the topics stay as they are for as long as the process runs. */
  guard?: LogGuard;
  /** Read before each batch, so that a change acts at once. A delivery other than `exactly-once` is for lessons. */
  control: () => { throttleMs: number; paused: boolean; delivery: Delivery };
  /** Called for each batch that holds records; what it gives, if anything, is called at each step of it, which is slower. */
  passing: () => Passing | undefined;
  signal: AbortSignal;
  /** See `GroupCallbacks`. */
  onUnreadable?: (unreadable: readonly Unreadable[]) => void;
  onDeleted?: (deletions: readonly DeletedUnread[]) => Promise<void>;
  /** Where given, a partition whose output is refused is left unread, instead of an end. */
  refusals?: Refusals;
  /** Where given, told of each batch that holds records. */
  telemetry?: MessagingTelemetry | undefined;
  /** Called after each step with the partitions owned now, and what of each is under way. */
  onStep: (partitions: number[], underWay: UnderWay[]) => void;
};

export const commitIntervalMs = 100;
/** How soon partitions that could not be rebuilt are tried again (ms). */
const restoreAgainMs = 250;
/** _TIMED_OUT */
const timedOut = -185;
/** As many as can be decided on within a commit interval, or so: a transaction costs the same whatever its size. */
const maxBatchRecords = 8000;
const maxBatchBytes = 4 * 1024 * 1024;

/**
 * Runs until the signal aborts; then the batch under way is committed and the group is left.
 * @throws whatever failed: the caller must end the process, a new life resumes from the log
 */
export async function runExactlyOnce(options: ExactlyOnceOptions): Promise<void> {
  const { signal, refusals, handler } = options;
  while (!signal.aborted) {
    try {
      await runAsMember(options);
    } catch (error) {
      if (!refusals?.take(error)) throw error;
      handler.abandon?.();
    }
  }
}

/** Joins, and runs until the signal aborts, or something fails. */
async function runAsMember(options: ExactlyOnceOptions): Promise<void> {
  const { config, groupId, transactionalId, topic, outputs: topics, handler, control, signal, guard, refusals } = options;
  const producer = await TransactionalProducer.open({ config, transactionalId, topics });
  let commitUnderWay: Promise<void> = Promise.resolve();
  let commitHasFailed = false;
  let restoredAt = 0;
  const callbacks: GroupCallbacks = {
    onAssigned: async (assigned) => {
      // A producer has one transaction at a time, and where single partitions move, that of the others may be under way.
      await commitUnderWay;
      const partitions = guard ? await guard.admit(assigned) : assigned;
      const committed = await committedOffsets(consumer.client, partitions, transactionTimeoutMs * 2).catch(async (error: unknown) => {
        if (bridgeError(error)?.code !== timedOut) throw error;
        // Longer than any transaction lives: one of an earlier life of this instance was ended without its offsets.
        await producer.freeOffsets(consumer.client, partitions);
        return await committedOffsets(consumer.client, partitions, transactionTimeoutMs);
      });
      const starts = committed.map((commit) => ({ topic: commit.topic, partition: commit.partition, offset: startOf(commit, guard) }));
      await commitStarts(starts.filter(({ offset }) => offset === beginning));
      const held = new Set((await handler.restore(partitions)).map(partitionKey));
      restoredAt = Date.now();
      return starts.map((start) => ({ ...start, held: held.has(partitionKey(start)) || refusals?.holds(start) === true }));
    },
    onRevoked: () => commitUnderWay,
    onUnreadable: options.onUnreadable,
    onDeleted: options.onDeleted,
  };
  const consumer = await BatchConsumer.join({ ...config, 'group.id': groupId }, [topic], callbacks, { protocol: options.groupProtocol });
  /** Without a commit no tool can show the lag of a partition. In a transaction, like every commit here: none can come after a later one. */
  const commitStarts = async (partitions: Partition[]): Promise<void> => {
    if (partitions.length === 0) return;
    const positions = await Promise.all(
      partitions.map(async ({ topic, partition }) => ({
        topic,
        partition,
        offset: (await consumer.client.watermarks({ topic, partition })).low,
      })),
    );
    await producer.deliver(consumer.client, { batch: new BatchWriter(), letters: [], positions: marked(positions) });
  };
  const restoreHeld = async (): Promise<void> => {
    const held = consumer.held.filter((one) => !refusals?.holds(one));
    if (held.length === 0 || Date.now() - restoredAt < restoreAgainMs) return;
    const still = new Set((await handler.restore(held)).map(partitionKey));
    restoredAt = Date.now();
    await consumer.release(held.filter((one) => !still.has(partitionKey(one))));
  };
  const marked = (positions: PartitionOffset[]): PartitionOffset[] =>
    guard ? positions.map((position) => ({ ...position, metadata: guard.mark })) : positions;
  const pacer = new Pacer({ maxRecords: maxBatchRecords, withinMs: commitIntervalMs });
  const weak = new WeakDelivery(config, topics);
  const deliver = {
    'exactly-once': (shipment: Shipment, passing?: Passing) => producer.deliver(consumer.client, shipment, passing),
    'at-least-once': (shipment: Shipment, passing: Passing = passBy) => weak.atLeastOnce(consumer.client, shipment, passing),
    'at-most-once': (shipment: Shipment, passing: Passing = passBy) => weak.atMostOnce(consumer.client, shipment, passing),
  };
  // One is being delivered while the next is filled.
  let [filling, delivering] = [new BatchWriter(), new BatchWriter()];
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      // Where nothing more comes in, no next batch waits for it: what failed is noticed all the same.
      if (commitHasFailed) await commitUnderWay;
      const { throttleMs, paused, delivery } = control();
      await consumer.setPaused(paused);
      await restoreHeld();
      const pace = pacer.begin(throttleMs);
      const limits = { maxRecords: pace.maxRecords, maxBytes: maxBatchBytes, withinMs: commitIntervalMs };
      const polledAt = Date.now();
      const batch = await consumer.next(limits, signal);
      if (batch && batch.positions.length > 0) {
        const { count } = batch.records;
        const processing = count > 0 ? options.telemetry?.received(batch.records, { groupId, polledAt, output: topics[0] }) : undefined;
        filling.clear();
        const decided = handler.decide(batch.records, filling, delivery, processing?.traceparent);
        batch.records.release();
        await pace.slowDown(count, signal);
        await commitUnderWay;
        if (signal.aborted) break;
        [filling, delivering] = [delivering, filling];
        const shipment = { batch: delivering, letters: decided.letters, positions: marked(batch.positions) };
        // Not awaited: it commits off the main thread while the next batch is read and decided on.
        const passing = count > 0 ? options.passing() : undefined;
        const written = delivering.count + decided.letters.length;
        const send = (): Promise<void> => deliver[delivery](shipment, passing);
        commitUnderWay = (count > 0 && guard ? guard.confirm() : Promise.resolve())
          .then(() => (processing ? processing.deliver(written, send) : send()))
          .then(() => {
            decided.committed();
            consumer.committed(shipment.positions);
            refusals?.passed(shipment.positions);
          });
        commitUnderWay.catch(() => {
          commitHasFailed = true;
        });
        if (delivery !== 'exactly-once') await commitUnderWay;
      }
      options.onStep(
        consumer.assigned.map(({ partition }) => partition),
        consumer.underWay,
      );
    }
    await commitUnderWay;
  };
  await run().catch(async (error: unknown) => {
    if (error instanceof RefusedError) {
      // Not awaited: it may try to send what is left until its own time is up. Its successor aborts what it left open.
      void producer[Symbol.asyncDispose]().catch(() => {});
      await weak[Symbol.asyncDispose]();
      await consumer[Symbol.asyncDispose]();
    }
    if (!signal.aborted || bridgeError(error)?.isTxnRequiresAbort !== true) throw error;
    // The group moved on meanwhile and refuses the last batch: whoever owns its partitions now decides on it.
    await producer.abort();
  });
  // Only on the good way out: after a failure the process is ended at once, and a polite goodbye could wait for a stuck call.
  await consumer[Symbol.asyncDispose]();
  await weak[Symbol.asyncDispose]();
  await producer[Symbol.asyncDispose]();
}

const passBy: Passing = async () => {};

type Commit = Awaited<ReturnType<typeof committedOffsets>>[number];

/** Where a partition is read on: at the commit, or at the beginning where there is none, or none that counts. */
function startOf({ topic, partition, offset, metadata }: Commit, guard: LogGuard | undefined): number {
  const isVoid = guard !== undefined && isOfOtherLogs(metadata, guard.mark);
  if (isVoid) guard.onVoid({ topic, partition, offset });
  return isVoid ? beginning : (offset ?? beginning);
}

/** Logical offset "from the beginning" (librdkafka RD_KAFKA_OFFSET_BEGINNING). */
const beginning = -2;

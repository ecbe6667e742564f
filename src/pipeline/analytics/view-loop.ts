/** Keeps the view: reads both topics, stores state and position in one transaction, and goes back when it is told to. */

import type { BridgeConsumer } from '../../kafka/bridge/bridge-consumer.ts';
import type { ClientConfig } from '../../kafka/client/connect.ts';
import { BatchConsumer } from '../../kafka/consumer/batch-consumer.ts';
import { committedOffsets } from '../../kafka/consumer/committed-offsets.ts';
import type { GroupCallbacks } from '../../kafka/consumer/group-callbacks.ts';
import type { GroupProtocol } from '../../kafka/consumer/group-protocol.ts';
import type { Start, UnderWay } from '../../kafka/consumer/owned-partitions.ts';
import { Pacer } from '../../kafka/consumer/throttle.ts';
import type { DeadLetterWriter } from '../../kafka/dead-letters/write-letters-once.ts';
import { ReplaygroundError } from '../../kafka/errors.ts';
import type { DeletedUnread } from '../../kafka/groups/deleted-unread.ts';
import { type Partition, type PartitionOffset, partitionKey } from '../../kafka/partition.ts';
import type { Refusals } from '../../kafka/stalls/refusals.ts';
import type { PassedOver, Unreadable } from '../../kafka/stalls/unreadable.ts';
import type { MessagingTelemetry, Processing } from '../../kafka/telemetry/messaging.ts';
import { EndToEnd } from './end-to-end.ts';
import { decodeEntry, type Entry } from './entry.ts';
import { findStarts, type Rewind, readingsOf } from './find-starts.ts';
import { commitMarker, type StartOffset } from './start-offset.ts';
import { type Conflict, type Fact, fold, type Place, type View } from './view.ts';
import type { ViewStore } from './view-store.ts';

export type ViewLoopOptions = {
  config: ClientConfig;
  groupId: string;
  groupProtocol: GroupProtocol;
  ordersTopic: string;
  inventoryTopic: string;
  store: ViewStore;
  /** Dead letters of the inventory topic; those of the order topic are inventory-service's. */
  deadLetters: DeadLetterWriter;
  /** All partitions that the view is made of. */
  partitions: readonly Partition[];
  /** Whether only an instance that owns all of them may read, see `mustReadAlone`. */
  alone: boolean;
  /** Asks anew how many partitions there are, so that nobody reads by an old number after a rebalance. */
  checkTopics: () => Promise<void>;
  /** Told of dead letters that cannot be opened. */
  onLettersPassedOver: (one: PassedOver) => void;
  control: () => { throttleMs: number; paused: boolean };
  signal: AbortSignal;
  /** Up to where each partition may be read, by `partitionKey`: a replay holds back what is new. */
  limits: () => ReadonlyMap<string, number> | undefined;
  /** Called between batches, when state and position agree. */
  onStep: (loop: ViewLoop) => Promise<void>;
  /** Told of each batch's orders that are not what the first of their id was. */
  onConflicts: (conflicts: Conflict[]) => void;
  /** Told of each order that is in the view now, where somebody wants to know. */
  onOrder?: ((orderId: string, place: Place) => void) | undefined;
  /** See `GroupCallbacks`. */
  onUnreadable?: (unreadable: readonly Unreadable[]) => void;
  onDeleted?: (deletions: readonly DeletedUnread[]) => Promise<void>;
  refusals: Refusals;
  /** Where given, told of each batch that holds records. */
  telemetry?: MessagingTelemetry | undefined;
  onStart: (partition: Partition, start: Omit<StartOffset, 'reading'>) => void;
};

const commitIntervalMs = 100;
/** The view is shown sooner than that: keeping a batch costs a database transaction here, not one of Kafka's. */
const batchMs = 25;
const maxBatchRecords = 2000;
const maxBatchBytes = 2 * 1024 * 1024;
const timeoutMs = 20_000;

export class ViewLoop {
  readonly #options: ViewLoopOptions;
  #consumer: BatchConsumer | undefined;
  #commitUnderWay: Promise<void> = Promise.resolve();
  /** How many partitions it was told to read; undefined until it was told for the first time. */
  #share: number | undefined;
  view: View;
  positions: PartitionOffset[];
  readonly endToEnd = new EndToEnd();

  constructor(options: ViewLoopOptions) {
    this.#options = options;
    this.view = options.store.loadView(Date.now());
    this.positions = options.store.positions();
  }

  get assigned(): readonly Partition[] {
    return this.#consumer?.assigned ?? [];
  }

  /** What of each partition is read and not committed. */
  get underWay(): UnderWay[] {
    return this.#consumer?.underWay ?? [];
  }

  /** Whether this instance reads every partition, as its last assignment had it: then its own view is the whole. */
  get isWhole(): boolean {
    return this.#share === this.#options.partitions.length;
  }

  /** Whether it was told what to read in this life. */
  get wasAssigned(): boolean {
    return this.#share !== undefined;
  }

  /** The partition numbers that it owns, of each topic that has them: those whose part it tells. */
  owned(): number[] {
    const owned = new Set(this.assigned.map(partitionKey));
    const numbers = new Set(this.assigned.map(({ partition }) => partition));
    const lacking = this.#options.partitions.filter((one) => !owned.has(partitionKey(one)));
    for (const { partition } of lacking) numbers.delete(partition);
    return [...numbers].sort((a, b) => a - b);
  }

  /**
   * Runs until the signal aborts.
   * @throws whatever failed: the process must end, a new life resumes from the store and the log
   */
  async run(): Promise<void> {
    const { signal, refusals } = this.#options;
    while (!signal.aborted) {
      const consumer = await this.#join();
      try {
        await this.#read(consumer);
        // The group may have moved on and refuse it; the store's own position counts.
        await this.#commitUnderWay.catch(() => {});
      } catch (error) {
        if (!refusals.take(error)) throw error;
      }
      await consumer[Symbol.asyncDispose]();
    }
  }

  async #join(): Promise<BatchConsumer> {
    const { config, groupId, groupProtocol: protocol, ordersTopic, inventoryTopic, onUnreadable, onDeleted } = this.#options;
    const callbacks: GroupCallbacks = {
      onAssigned: (partitions) => this.#resume(consumer.client, partitions),
      onRevoked: async (kept) => {
        await this.#commitUnderWay;
        if (kept) this.#share = kept.length;
      },
      ...{ onUnreadable, onDeleted },
    };
    // Both topics' partitions of a number go to one member, so that an order and its decision meet in one store.
    const together = protocol === 'consumer' ? { 'group.remote.assignor': 'range' } : {};
    const consumer = await BatchConsumer.join({ ...config, ...together, 'group.id': groupId }, [ordersTopic, inventoryTopic], callbacks, {
      protocol,
    });
    this.#consumer = consumer;
    return consumer;
  }

  async #read(consumer: BatchConsumer): Promise<void> {
    const { control, signal, onStep, refusals, telemetry, groupId } = this.#options;
    const pacer = new Pacer({ maxRecords: maxBatchRecords, withinMs: commitIntervalMs });
    while (!signal.aborted) {
      await onStep(this);
      const { throttleMs, paused } = control();
      await consumer.setPaused(paused);
      const due = consumer.held.filter((one) => !refusals.holds(one));
      if (due.length > 0) await consumer.release(due);
      const pace = pacer.begin(throttleMs);
      const limits = { maxRecords: pace.maxRecords, maxBytes: maxBatchBytes, withinMs: batchMs };
      const polledAt = Date.now();
      const batch = await consumer.next(limits, signal);
      if (!batch) continue;
      const { records, positions } = batch;
      const processing = records.count > 0 ? telemetry?.received(records, { groupId, polledAt }) : undefined;
      const entries = Array.from({ length: records.count }, (_, i) => decodeEntry(records, i, this.#options));
      records.release();
      await pace.slowDown(entries.length, signal);
      if (signal.aborted || positions.length === 0) continue;
      const [taken, upTo] = this.#withinLimits(entries, positions);
      await this.#take(consumer, taken, upTo, processing).catch((error) => {
        processing?.done(error);
        throw error;
      });
      processing?.done();
    }
  }

  /** Takes the view back to these offsets and reads on from there. Call between batches. */
  async rewind(offsets: Rewind[], alongside: () => void = () => {}): Promise<void> {
    this.#options.store.inTransaction(() => {
      this.#rewind(offsets);
      alongside();
    });
    this.#reload();
    await this.restart();
  }

  /** Reads on from where the view is: what was fetched beyond it comes again. Call between batches. */
  async restart(): Promise<void> {
    if (!this.#consumer || this.assigned.length === 0) return;
    const at = new Map(this.positions.map((position) => [partitionKey(position), position.offset]));
    await this.#consumer.restartAt(
      this.assigned.map(({ topic, partition }) => ({ topic, partition, offset: at.get(partitionKey({ topic, partition })) ?? 0 })),
    );
    this.#commit(this.#consumer.client, this.#owned(this.positions));
  }

  /** A new assignment: finds out, per partition, whether to go on, or whether somebody reset the offsets. */
  async #resume(client: BridgeConsumer, partitions: Partition[]): Promise<Start[]> {
    const { refusals, store, deadLetters, onStart, onLettersPassedOver, checkTopics } = this.#options;
    await checkTopics();
    this.#share = new Set([...this.assigned, ...partitions].map(partitionKey)).size;
    if (this.#mustWait(partitions)) return [];
    const committed = await committedOffsets(client, partitions, timeoutMs);
    await deadLetters.restore(onLettersPassedOver);
    const { starts, rewinds, begun } = await findStarts(client, committed, store, onStart);
    for (const start of starts) this.endToEnd.readUpTo(start, start.known);
    store.inTransaction(() => {
      this.#rewind(rewinds);
      for (const [partition, reading] of readingsOf(starts)) store.setReading(partition, reading);
    });
    this.#reload();
    // Without a commit no tool can show the lag of a partition.
    this.#commit(client, begun);
    return starts.map(({ topic, partition, offset }) => ({ topic, partition, offset, held: refusals.holds({ topic, partition }) }));
  }

  /** One of those that share what must be read alone stays, and gets the rest when the others have left. */
  #mustWait(assigned: readonly Partition[]): boolean {
    const { alone, partitions, ordersTopic } = this.#options;
    if (!alone || assigned.length === partitions.length) return false;
    if (assigned.some(({ topic, partition }) => topic === ordersTopic && partition === 0)) return true;
    throw new ReplaygroundError('stand-by', `another instance reads ${ordersTopic} alone: this one stands by`, { retriable: true });
  }

  #rewind(offsets: readonly Rewind[]): void {
    const { store } = this.#options;
    store.rewind(offsets.map(({ topic, partition, takeBack }) => ({ topic, partition, offset: takeBack })));
    store.setPositions(offsets);
  }

  #withinLimits(entries: Entry[], positions: PartitionOffset[]): [Entry[], PartitionOffset[]] {
    const limits = this.#options.limits();
    if (!limits) return [entries, positions];
    const limitOf = (partition: Partition) => limits.get(partitionKey(partition)) ?? Number.POSITIVE_INFINITY;
    if (positions.every((position) => position.offset <= limitOf(position))) return [entries, positions];
    return [
      entries.filter(({ place }) => place.offset < limitOf(place)),
      positions.map((position) => ({ ...position, offset: Math.min(position.offset, limitOf(position)) })),
    ];
  }

  async #take(consumer: BatchConsumer, entries: Entry[], positions: PartitionOffset[], processing: Processing | undefined): Promise<void> {
    const { store, deadLetters, onConflicts, onOrder, refusals } = this.#options;
    await deadLetters.write(entries.flatMap(({ letter }) => letter ?? []));
    const facts = store.inTransaction(() => {
      const added = entries.map((entry) => this.#store(entry));
      store.setPositions(positions);
      return added;
    });
    for (const fact of facts) fold(this.view, fact);
    const conflicts = facts.filter((fact) => fact.kind === 'conflicting-order');
    if (conflicts.length > 0) onConflicts(conflicts);
    if (onOrder) for (const { order, place } of entries) if (order) onOrder(order.orderId, place);
    this.positions = store.positions();
    const decisions = entries.flatMap(({ place, outcome }) => (outcome ? { ...place, createdAt: outcome.createdAt } : []));
    this.endToEnd.visible(decisions, Date.now());
    refusals.passed(positions);
    await this.#commitUnderWay;
    this.#commit(consumer.client, this.#owned(positions), processing);
  }

  #store({ place, order, outcome }: Entry): Fact {
    const { store } = this.#options;
    if (order) return store.addOrder(order, place);
    return outcome ? store.addOutcome(outcome, place) : store.addDeadLetter(place);
  }

  #owned(positions: PartitionOffset[]): PartitionOffset[] {
    const owned = new Set(this.assigned.map(partitionKey));
    return positions.filter((position) => owned.has(partitionKey(position)));
  }

  #commit(consumer: BridgeConsumer, positions: PartitionOffset[], processing?: Processing): void {
    if (positions.length === 0) return;
    const { id, readings } = this.#options.store;
    const marked = ({ partition, offset }: PartitionOffset): string => commitMarker(id, offset, readings.get(partition));
    const offsets = positions.map((position) => ({ ...position, metadata: marked(position) }));
    // Not awaited, and nothing rests on it: after a crash the store's own position counts.
    const commit = () => consumer.commit(offsets);
    this.#commitUnderWay = (processing ? processing.commit(commit) : commit()).then(() => this.#consumer?.committed(positions));
    this.#commitUnderWay.catch(() => {});
  }

  #reload(): void {
    this.view = this.#options.store.loadView(Date.now());
    this.positions = this.#options.store.positions();
  }
}

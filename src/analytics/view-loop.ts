/** Keeps the view: reads both topics, stores state and position in one transaction, and goes back when it is told to. */

import type { KafkaConsumer, Message, TopicPartition, TopicPartitionOffset } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { decodeInventoryEvent, type InventoryEvent } from '../events/inventory-event.ts';
import { decodeOrder, type OrderPlaced } from '../events/order-placed.ts';
import { ask } from '../kafka/ask.ts';
import { BatchConsumer, committedOffsets } from '../kafka/batch-consumer.ts';
import type { ClientConfig } from '../kafka/connect.ts';
import { deadLetter } from '../kafka/dead-letter.ts';
import type { DeadLetterWriter } from '../kafka/dead-letter-writer.ts';
import type { Output } from '../kafka/exactly-once.ts';
import { Pacer } from '../kafka/pace.ts';
import { partitionKey } from '../kafka/partition.ts';
import { watermarks } from '../kafka/read-to-end.ts';
import { EndToEnd } from './end-to-end.ts';
import { commitMarker, startOffset } from './start-offset.ts';
import { type Fact, fold, type View } from './view.ts';
import type { Place, ViewStore } from './view-store.ts';

export type ViewLoopOptions = {
  config: ClientConfig;
  groupId: string;
  ordersTopic: string;
  inventoryTopic: string;
  store: ViewStore;
  /** Dead letters of the inventory topic; those of the order topic are inventory-service's. */
  deadLetters: DeadLetterWriter;
  control: () => { throttleMs: number; paused: boolean };
  signal: AbortSignal;
  /** Up to where each partition may be read, by `partitionKey`: a replay holds back what is new. */
  limits: () => ReadonlyMap<string, number> | undefined;
  /** Called between batches, when state and position agree. */
  onStep: (loop: ViewLoop) => Promise<void>;
  onStart: (partition: TopicPartition, start: ReturnType<typeof startOffset>) => void;
};

/** A record as far as the view needs it: where it stands, and what it says; no event for one that cannot be read. */
type Entry = { place: Place; order?: OrderPlaced; outcome?: InventoryEvent; letter?: Output };

const commitIntervalMs = 100;
/** The view is shown sooner than that: keeping a batch costs a database transaction here, not one of Kafka's. */
const batchMs = 25;
const maxBatchRecords = 2000;
const maxBatchBytes = 8 * 1024 * 1024;
const timeoutMs = 20_000;

export class ViewLoop {
  readonly #options: ViewLoopOptions;
  #consumer: BatchConsumer | undefined;
  #commitUnderWay: Promise<void> = Promise.resolve();
  view: View;
  positions: TopicPartitionOffset[];
  readonly endToEnd = new EndToEnd();

  constructor(options: ViewLoopOptions) {
    this.#options = options;
    this.view = options.store.loadView(Date.now());
    this.positions = options.store.positions();
  }

  get assigned(): readonly TopicPartition[] {
    return this.#consumer?.assigned ?? [];
  }

  /**
   * Runs until the signal aborts.
   * @throws whatever failed: the process must end, a new life resumes from the store and the log
   */
  async run(): Promise<void> {
    const { config, groupId, ordersTopic, inventoryTopic, control, signal, onStep } = this.#options;
    const consumer = await BatchConsumer.join({ ...config, 'group.id': groupId }, [ordersTopic, inventoryTopic], {
      onAssigned: (partitions) => this.#resume(consumer.client, partitions),
      onRevoked: () => this.#commitUnderWay,
    });
    this.#consumer = consumer;
    const pacer = new Pacer({ maxRecords: maxBatchRecords, withinMs: commitIntervalMs });
    while (!signal.aborted) {
      await onStep(this);
      const { throttleMs, paused } = control();
      consumer.setPaused(paused);
      const pace = pacer.begin(throttleMs);
      const entries: Entry[] = [];
      const limits = { maxRecords: pace.maxRecords, maxBytes: maxBatchBytes, withinMs: batchMs };
      const take = (records: Message[]): void => {
        for (const record of records) entries.push(this.#decode(record));
      };
      const { count, positions } = await consumer.next(limits, take, signal);
      await pace.slowDown(count, signal);
      if (!signal.aborted && positions.length > 0) await this.#take(consumer, ...this.#withinLimits(entries, positions));
    }
    // The group may have moved on and refuse it; the store's own position counts.
    await this.#commitUnderWay.catch(() => {});
    await consumer[Symbol.asyncDispose]();
  }

  /** Takes the view back to these offsets and reads on from there. Call between batches. */
  rewind(offsets: TopicPartitionOffset[], alongside: () => void = () => {}): void {
    this.#options.store.inTransaction(() => {
      this.#options.store.rewind(offsets);
      alongside();
    });
    this.#reload();
    this.restart();
  }

  /** Reads on from where the view is: what was fetched beyond it comes again. Call between batches. */
  restart(): void {
    if (!this.#consumer || this.assigned.length === 0) return;
    const at = new Map(this.positions.map((position) => [partitionKey(position), position.offset]));
    this.#consumer.restartAt(
      this.assigned.map(({ topic, partition }) => ({ topic, partition, offset: at.get(partitionKey({ topic, partition })) ?? 0 })),
    );
    this.#commit(this.#consumer, this.positions);
  }

  /** A new assignment: finds out, per partition, whether to go on, or whether somebody reset the offsets. */
  async #resume(client: KafkaConsumer, partitions: TopicPartition[]): Promise<TopicPartitionOffset[]> {
    const { store, deadLetters, onStart } = this.#options;
    const committed = await committedOffsets(client, partitions, timeoutMs);
    await deadLetters.restore();
    const starts: TopicPartitionOffset[] = [];
    const rewinds: TopicPartitionOffset[] = [];
    for (const { topic, partition, offset, metadata } of committed) {
      const { highOffset: end } = await watermarks(client, { topic, partition });
      const start = startOffset({ storeId: store.id, stored: store.position({ topic, partition }), committed: offset, metadata, end });
      onStart({ topic, partition }, start);
      this.endToEnd.readUpTo({ topic, partition }, store.position({ topic, partition }) ?? end);
      starts.push({ topic, partition, offset: start.offset });
      if (start.action === 'rewind') rewinds.push({ topic, partition, offset: start.offset });
    }
    store.inTransaction(() => store.rewind(rewinds));
    this.#reload();
    return starts;
  }

  #withinLimits(entries: Entry[], positions: TopicPartitionOffset[]): [Entry[], TopicPartitionOffset[]] {
    const limits = this.#options.limits();
    if (!limits) return [entries, positions];
    const limitOf = (partition: TopicPartition) => limits.get(partitionKey(partition)) ?? Number.POSITIVE_INFINITY;
    if (positions.every((position) => position.offset <= limitOf(position))) return [entries, positions];
    return [
      entries.filter(({ place }) => place.offset < limitOf(place)),
      positions.map((position) => ({ ...position, offset: Math.min(position.offset, limitOf(position)) })),
    ];
  }

  async #take(consumer: BatchConsumer, entries: Entry[], positions: TopicPartitionOffset[]): Promise<void> {
    const { store, deadLetters } = this.#options;
    await deadLetters.write(entries.flatMap(({ letter }) => letter ?? []));
    const facts = store.inTransaction(() => {
      const added = entries.map((entry) => this.#store(entry));
      store.setPositions(positions);
      return added;
    });
    for (const fact of facts) fold(this.view, fact);
    this.positions = store.positions();
    const decisions = entries.flatMap(({ place, outcome }) => (outcome ? { ...place, createdAt: outcome.createdAt } : []));
    this.endToEnd.visible(decisions, Date.now());
    await this.#commitUnderWay;
    this.#commit(consumer, positions);
  }

  #decode(record: Message): Entry {
    const { topic, partition, offset, value } = record;
    const place = { topic, partition, offset };
    const key = record.key as Buffer | null;
    if (topic === this.#options.ordersTopic) {
      const order = decodeOrder(key, value);
      return order.ok ? { place, order: order.event } : { place };
    }
    const outcome = decodeInventoryEvent(key, value);
    if (outcome.ok) return { place, outcome: outcome.event };
    const { deadLetters, groupId } = this.#options;
    return deadLetters.isWritten(record) ? { place } : { place, letter: deadLetter(record, outcome, groupId, new Date()) };
  }

  #store({ place, order, outcome }: Entry): Fact {
    const { store } = this.#options;
    if (order) return store.addOrder(order, place);
    return outcome ? store.addOutcome(outcome, place) : store.addDeadLetter(place);
  }

  #commit(consumer: BatchConsumer, positions: TopicPartitionOffset[]): void {
    const metadata = commitMarker(this.#options.store.id);
    const owned = new Set(this.assigned.map(partitionKey));
    const offsets = positions.filter((position) => owned.has(partitionKey(position))).map((position) => ({ ...position, metadata }));
    if (offsets.length === 0) return;
    // In the client, but not in its types: a commit that does not block. It may come back before the broker has the offsets, and
    // nothing rests on them: after a crash the store's own position counts.
    const client = consumer.client as unknown as { commitCb(offsets: unknown[], callback: (error: unknown) => void): void };
    this.#commitUnderWay = ask('commit the offsets', timeoutMs, (callback) => client.commitCb(offsets, callback));
    this.#commitUnderWay.catch(() => {});
  }

  #reload(): void {
    this.view = this.#options.store.loadView(Date.now());
    this.positions = this.#options.store.positions();
  }
}

/** What inventory does with each record of the order topic: skip a duplicate, decide, or set aside as a dead letter. */

import type { KafkaConsumer, Message, TopicPartition } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { cloudEventHeaders, headerValue, traceparentHeader } from '../events/cloud-events.ts';
import { encodeInventoryEvent, inventoryEvent } from '../events/inventory-event.ts';
import { decodeOrder, type OrderPlaced } from '../events/order-placed.ts';
import { deadLetter } from '../kafka/dead-letter.ts';
import type { Delivery } from '../kafka/delivery.ts';
import type { Handler, Output, Work } from '../kafka/exactly-once.ts';
import { partitionKey } from '../kafka/partition.ts';
import { readToEnd, watermarks } from '../kafka/read-to-end.ts';
import { decide, type Faults } from './decide.ts';
import type { DecidedOrders } from './decided-orders.ts';

export type OrderOutcome = 'reserve' | 'reject' | 'release' | 'duplicate' | 'dead-letter';

export type OrderHandlerOptions = {
  inventoryTopic: string;
  groupId: string;
  decided: DecidedOrders;
  /** Reads the output log, to rebuild the store. */
  reader: KafkaConsumer;
  /** Tells the output log's high watermarks, see `connectForWatermarks`. */
  watermarks: KafkaConsumer;
  faults: () => Faults;
  /** How many records had this outcome, once that is in the log. */
  onOutcome: (outcome: OrderOutcome, count: number) => void;
  onRestored: (partition: number, read: number) => void;
};

/** @returns the handler of the exactly-once loop */
export function orderHandler(options: OrderHandlerOptions): Handler {
  /** Of each output partition, as far as is known: the next offset after our own decisions. */
  const nextOffset = new Map<number, number>();
  return {
    restore: (partitions) => restore(partitions, options, nextOffset),
    begin: (delivery) => new OrderBatch(options, nextOffset, delivery),
  };
}

class OrderBatch implements Work {
  readonly #options: OrderHandlerOptions;
  readonly #nextOffset: Map<number, number>;
  readonly #delivery: Delivery;
  /** Ids of the orders decided on, by partition. */
  readonly #decisions = new Map<number, string[]>();
  readonly #outcomes = new Map<OrderOutcome, number>();

  constructor(options: OrderHandlerOptions, nextOffset: Map<number, number>, delivery: Delivery) {
    this.#options = options;
    this.#nextOffset = nextOffset;
    this.#delivery = delivery;
  }

  take(records: Message[]): Output[] {
    const { decided } = this.#options;
    const decoded = records.map((record) => ({ record, order: decodeOrder(record.key as Buffer | null, record.value) }));
    const orderIds = decoded.flatMap(({ order }) => (order.ok ? [order.event.orderId] : []));
    // De-duplication is what makes "at least once" exactly once: the weaker guarantees are shown without it.
    const deduplicate = this.#delivery === 'exactly-once';
    const stored = deduplicate ? decided.storedAmong(orderIds) : new Set();
    const outputs: Output[] = [];
    for (const { record, order } of decoded) {
      if (!order.ok) {
        this.#count('dead-letter');
        outputs.push(deadLetter(record, order, this.#options.groupId, new Date()));
      } else if (deduplicate && (decided.isUnderWay(order.event.orderId) || stored.has(order.event.orderId.toWellFormed()))) {
        this.#count('duplicate');
      } else outputs.push(this.#decide(record, order.event));
    }
    return outputs;
  }

  committed(): void {
    const { decided, onOutcome } = this.#options;
    const positions = new Map<number, number>();
    // A transaction ends in a marker on each partition that it wrote to (KIP-98).
    const markers = this.#delivery === 'exactly-once' ? 1 : 0;
    for (const [partition, orderIds] of this.#decisions) {
      // A foreign writer can only make this too small, which is safe: more is read again.
      const next = (this.#nextOffset.get(partition) ?? 0) + orderIds.length + markers;
      this.#nextOffset.set(partition, next);
      positions.set(partition, next);
    }
    if (this.#decisions.size > 0) decided.store(this.#decisions, positions);
    for (const [outcome, count] of this.#outcomes) onOutcome(outcome, count);
  }

  dropped(): void {
    for (const orderIds of this.#decisions.values()) this.#options.decided.dropUnderWay(orderIds);
  }

  #decide(record: Message, order: OrderPlaced): Output {
    const { decided, faults, inventoryTopic } = this.#options;
    const { topic, partition, offset } = record;
    decided.markUnderWay(order.orderId);
    const orderIds = this.#decisions.get(partition);
    if (orderIds) orderIds.push(order.orderId);
    else this.#decisions.set(partition, [order.orderId]);
    const event = inventoryEvent(order, decide(order, faults()), { topic, partition, offset });
    this.#count(event.action);
    const headers = cloudEventHeaders(event, '/replayground/inventory-service', headerValue(record.headers, traceparentHeader));
    // The same partition number: all decisions on the orders of partition p are in output partition p.
    return { topic: inventoryTopic, partition, key: record.key as Buffer, value: encodeInventoryEvent(event), headers };
  }

  #count(outcome: OrderOutcome): void {
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
  }
}

async function restore(
  partitions: TopicPartition[],
  { inventoryTopic, decided, reader, watermarks: askEnds, onRestored }: OrderHandlerOptions,
  nextOffset: Map<number, number>,
): Promise<void> {
  const starts = [];
  for (const { partition } of partitions) {
    const { highOffset } = await watermarks(askEnds, { topic: inventoryTopic, partition });
    // The log lost its end (power failure of an unsynced broker): what was stored of it may be gone.
    if ((decided.position(partition) ?? 0) > highOffset) decided.forget(partition);
    starts.push({ topic: inventoryTopic, partition, offset: decided.position(partition) ?? 0 });
  }
  const read = new Map<number, number>();
  const store = (records: Message[]) => {
    const found = new Map<number, string[]>();
    const positions = new Map<number, number>();
    for (const { partition, key, offset } of records) {
      if (!found.has(partition)) found.set(partition, []);
      if (key) found.get(partition)?.push(key.toString());
      positions.set(partition, offset + 1);
      read.set(partition, (read.get(partition) ?? 0) + 1);
    }
    decided.store(found, positions);
  };
  // To the high watermark: what the last owner committed a moment ago may not be stable here yet, and must not be missed.
  const ends = await readToEnd(reader, starts, store, askEnds);
  for (const { partition } of partitions) {
    const end = ends.get(partitionKey({ topic: inventoryTopic, partition })) ?? 0;
    nextOffset.set(partition, end);
    decided.store(new Map(), new Map([[partition, end]]));
    onRestored(partition, read.get(partition) ?? 0);
  }
}

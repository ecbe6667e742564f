/** What inventory does with each record of the order topic: skip a duplicate, decide, or set aside as a dead letter. */

import type { BatchWriter } from '../../kafka/bridge/batch-writer.ts';
import type { BridgeConsumer } from '../../kafka/bridge/bridge-consumer.ts';
import type { RecordBatch } from '../../kafka/bridge/record-batch.ts';
import { deadLetter } from '../../kafka/dead-letters/build-letter.ts';
import type { Delivery } from '../../kafka/exactly-once/delivery.ts';
import type { Decided, Handler } from '../../kafka/exactly-once/exactly-once.ts';
import type { Range } from '../../kafka/partition.ts';
import { type Partition, partitionKey } from '../../kafka/partition.ts';
import { readUpTo } from '../../kafka/reading/read-to-end.ts';
import type { Output } from '../../kafka/record/output.ts';
import { askTwoEnds } from '../../kafka/stalls/ask-two-ends.ts';
import type { Unreadable } from '../../kafka/stalls/unreadable.ts';
import { type InventoryEvent, inventoryEvent } from '../events/inventory-event.ts';
import { decodeOrder, type OrderPlaced } from '../events/order-placed.ts';
import { decide, type Faults } from './decide.ts';
import type { DecidedOrders } from './decided-orders.ts';
import { DecisionWriter } from './write-decision.ts';

export type OrderOutcome = 'reserve' | 'reject' | 'release' | 'duplicate' | 'dead-letter';

export type OrderHandlerOptions = {
  /** Where the decisions are; the first of `ExactlyOnceOptions.outputs`. */
  inventoryTopic: string;
  groupId: string;
  decided: DecidedOrders;
  /** Reads the output log, to rebuild the store. */
  reader: BridgeConsumer;
  /** Tells the output log's high watermarks, see `connectForWatermarks`. */
  watermarks: BridgeConsumer;
  faults: () => Faults;
  /** How many records had this outcome, once that is in the log. */
  onOutcome: (outcome: OrderOutcome, count: number) => void;
  /** Told of each order at each step, where somebody wants to know: no call is made for nobody. */
  onOrder?: ((step: 'Processing order' | 'Finished processing', orderId: string, partition: number) => void) | undefined;
  onRestored: (partition: number, read: number) => void;
  /** Told, at each restore, which partitions of the output log hold a batch that cannot be opened: those are not decided on. */
  onUnreadable: (unreadable: readonly Unreadable[]) => void;
};

/** The place of the decisions' topic in `ExactlyOnceOptions.outputs`. */
const decisionsTopic = 0;

/** @returns the handler of the exactly-once loop; it writes to one topic, that of the decisions */
export function orderHandler(options: OrderHandlerOptions): Handler {
  /** Of each output partition, as far as is known: the next offset after our own decisions. */
  const nextOffset = new Map<number, number>();
  return {
    restore: (partitions) => restore(partitions, options, nextOffset),
    decide: (records, out, delivery, traceparent) => {
      const batch = new OrderBatch(options, nextOffset, delivery);
      batch.take(records, out, traceparent);
      return batch;
    },
    abandon: () => options.decided.dropAllUnderWay(),
  };
}

class OrderBatch implements Decided {
  readonly letters: Output[] = [];
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

  take(records: RecordBatch, out: BatchWriter, traceparent?: string): void {
    const { decided, groupId } = this.#options;
    const decoded = Array.from({ length: records.count }, (_, i) => decodeOrder(records.key(i), records.value(i)));
    // De-duplication is what makes "at least once" exactly once: the weaker guarantees are shown without it.
    const deduplicate = this.#delivery === 'exactly-once';
    const orderIds = deduplicate ? decoded.flatMap((order) => (order.ok ? [order.event.orderId] : [])) : [];
    const stored = decided.storedAmong(orderIds);
    const decisions = new DecisionWriter(records, out, decisionsTopic, traceparent);
    for (const [i, order] of decoded.entries()) {
      if (!order.ok) {
        this.#count('dead-letter');
        this.letters.push(deadLetter(records.copyOf(i), order, groupId, new Date()));
      } else if (deduplicate && (decided.isUnderWay(order.event.orderId) || stored.has(order.event.orderId.toWellFormed()))) {
        this.#count('duplicate');
      } else decisions.write(i, this.#decide(records, i, order.event));
    }
  }

  committed(): void {
    const { decided, onOutcome, onOrder } = this.#options;
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
    if (onOrder) {
      for (const [partition, ids] of this.#decisions) for (const id of ids) onOrder('Finished processing', id, partition);
    }
    for (const [outcome, count] of this.#outcomes) onOutcome(outcome, count);
  }

  #decide(records: RecordBatch, i: number, order: OrderPlaced): InventoryEvent {
    const { decided, faults, onOrder } = this.#options;
    const [topic, partition, offset] = [records.topic(i), records.partition(i), records.offset(i)];
    onOrder?.('Processing order', order.orderId, partition);
    decided.markUnderWay(order.orderId);
    const orderIds = this.#decisions.get(partition);
    if (orderIds) orderIds.push(order.orderId);
    else this.#decisions.set(partition, [order.orderId]);
    const event = inventoryEvent(order, decide(order, faults()), { topic, partition, offset });
    this.#count(event.action);
    return event;
  }

  #count(outcome: OrderOutcome): void {
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
  }
}

async function restore(
  partitions: Partition[],
  { inventoryTopic, decided, reader, watermarks: askEnds, onRestored, onUnreadable }: OrderHandlerOptions,
  nextOffset: Map<number, number>,
): Promise<Partition[]> {
  const ranges: Range[] = [];
  const held: Partition[] = [];
  for (const { topic, partition } of partitions) {
    // To the high watermark: what the last owner committed a moment ago may not be stable here yet, and must not be missed.
    const { low, stable, end: high } = await askTwoEnds({ askStable: reader, askEnds }, { topic: inventoryTopic, partition });
    if (stable < high) {
      // A transaction is open there: the last owner's for a moment, or a stranger's for as long as it likes.
      held.push({ topic, partition });
      continue;
    }
    // The log lost its end (power failure of an unsynced broker): what was stored of it may be gone.
    if ((decided.position(partition) ?? 0) > high) decided.forget(partition);
    ranges.push({ topic: inventoryTopic, partition, from: Math.max(decided.position(partition) ?? 0, low), to: high });
  }
  const read = new Map<number, number>();
  const store = (records: RecordBatch) => {
    const found = new Map<number, string[]>();
    const positions = new Map<number, number>();
    for (let i = 0; i < records.count; i += 1) {
      const partition = records.partition(i);
      const key = records.key(i);
      if (!found.has(partition)) found.set(partition, []);
      if (key) found.get(partition)?.push(key.toString());
      positions.set(partition, records.offset(i) + 1);
      read.set(partition, (read.get(partition) ?? 0) + 1);
    }
    decided.store(found, positions);
  };
  const unreadable: Unreadable[] = [];
  const ends = await readUpTo(reader, ranges, store, (one) => unreadable.push(one));
  onUnreadable(unreadable);
  const broken = new Set(unreadable.map(({ partition }) => partition));
  held.push(...partitions.filter(({ partition }) => broken.has(partition)));
  for (const { partition } of ranges) {
    if (broken.has(partition)) continue;
    const end = ends.get(partitionKey({ topic: inventoryTopic, partition })) ?? 0;
    nextOffset.set(partition, end);
    decided.store(new Map(), new Map([[partition, end]]));
    onRestored(partition, read.get(partition) ?? 0);
  }
  return held;
}

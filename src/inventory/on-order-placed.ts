/** What inventory does with each record of the order topic: skip a duplicate, decide, or set aside as a dead letter. */

import type { KafkaConsumer, Message, TopicPartition } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { cloudEventHeaders, headerValue, traceparentHeader } from '../events/cloud-events.ts';
import { encodeInventoryEvent, inventoryEvent } from '../events/inventory-event.ts';
import { decodeOrder } from '../events/order-placed.ts';
import { deadLetter } from '../kafka/dead-letter.ts';
import type { Handler, Output } from '../kafka/exactly-once.ts';
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
  onOutcome: (outcome: OrderOutcome) => void;
  onRestored: (partition: number, read: number) => void;
};

/** The decisions of one batch that are not in the log yet. */
type UnderWay = Map<number, string[]>;

/** @returns the handler of the exactly-once loop */
export function orderHandler(options: OrderHandlerOptions): Handler {
  const { inventoryTopic, groupId, decided, faults, onOutcome } = options;
  const nextOffset = new Map<number, number>();
  const committing: UnderWay[] = [];
  let current: UnderWay = new Map();

  const decideOn = (record: Message): Output[] => {
    const { topic, partition, offset } = record;
    const decoded = decodeOrder(record.key as Buffer | null, record.value);
    if (!decoded.ok) {
      onOutcome('dead-letter');
      return [deadLetter(record, decoded, groupId, new Date())];
    }
    const order = decoded.event;
    if (decided.has(order.orderId)) {
      onOutcome('duplicate');
      return [];
    }
    decided.markUncommitted(order.orderId);
    const orderIds = current.get(partition);
    if (orderIds) orderIds.push(order.orderId);
    else current.set(partition, [order.orderId]);
    const event = inventoryEvent(order, decide(order, faults()), { topic, partition, offset });
    onOutcome(event.action);
    const headers = cloudEventHeaders(event, '/replayground/inventory-service', headerValue(record.headers, traceparentHeader));
    // The same partition number: all decisions on the orders of partition p are in output partition p.
    return [{ topic: inventoryTopic, partition, key: record.key as Buffer, value: encodeInventoryEvent(event), headers }];
  };

  return {
    restore: (partitions) => restore(partitions, options, nextOffset),
    process: (records) => {
      current = new Map();
      committing.push(current);
      return records.flatMap(decideOn);
    },
    committed: () => {
      const decisions = committing.shift() ?? new Map();
      const positions = new Map<number, number>();
      for (const [partition, orderIds] of decisions) {
        // Records plus the commit marker (KIP-98). A foreign writer can only make this too small, which is safe: more is re-read.
        const next = (nextOffset.get(partition) ?? 0) + orderIds.length + 1;
        nextOffset.set(partition, next);
        positions.set(partition, next);
      }
      if (decisions.size > 0) decided.store(decisions, positions);
    },
  };
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

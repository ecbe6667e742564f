/** Tells customers of a slice of decisions: each is written to the topic of notifications first, and accepted after it. */

import { errorOfCode } from '../../kafka/admin/with-deadline.ts';
import { BatchWriter } from '../../kafka/bridge/batch-writer.ts';
import type { BridgeProducer } from '../../kafka/bridge/bridge-producer.ts';
import type { Acknowledgement, ShareBatch } from '../../kafka/bridge/bridge-share-consumer.ts';
import { cloudEventPairs } from '../events/cloud-events.ts';
import { customerNotified } from '../events/customer-notified.ts';
import { decodeInventoryEvent } from '../events/inventory-event.ts';
import { outcomeOf, type TellFaults } from './tell.ts';

const source = '/replayground/notification-service';
const produceMs = 10_000;

export type TellOptions = {
  /** Writes with acks=all. */
  producer: BridgeProducer;
  topic: string;
  faults: () => TellFaults;
};

/** @returns what does the work of a slice: a record that is no decision is rejected; what it throws ends the process */
export function tellCustomers({ producer, topic, faults }: TellOptions) {
  const out = new BatchWriter();
  const number = producer.topic(topic);
  return async (records: ShareBatch, from: number, to: number): Promise<Acknowledgement[]> => {
    out.clear();
    const outcomes: Acknowledgement[] = [];
    for (let i = from; i < to; i++) {
      const decoded = decodeInventoryEvent(records.key(i), records.value(i));
      const outcome = decoded.ok ? outcomeOf(decoded.event.eventId, records.deliveryCount(i), faults()) : 'reject';
      outcomes.push(outcome);
      if (!decoded.ok || outcome !== 'accept') continue;
      const place = { topic: records.topic(i), partition: records.partition(i), offset: records.offset(i) };
      const event = customerNotified(decoded.event, place);
      const headers = cloudEventPairs(event, source);
      out.write({ topic: number, partition: null, key: event.orderId, value: JSON.stringify(event), headers });
    }
    if (out.count > 0) {
      const { refused } = await producer.produce(out, produceMs, produceMs);
      if (refused[0]) throw errorOfCode('write a notification', refused[0]);
    }
    return outcomes;
  };
}

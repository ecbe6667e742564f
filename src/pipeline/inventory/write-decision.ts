/** Writes decisions into a batch on its way out: nearly always as one ASCII text, else the general way. The bytes are the same. */

import type { BatchWriter } from '../../kafka/bridge/batch-writer.ts';
import type { RecordBatch } from '../../kafka/bridge/record-batch.ts';
import { traceparentHeader } from '../../kafka/record/headers.ts';
import { cloudEventText } from '../events/cloud-event-text.ts';
import { cloudEventPairs } from '../events/cloud-events.ts';
import { encodeInventoryEvent, type InventoryEvent } from '../events/inventory-event.ts';

const source = '/replayground/inventory-service';

const headersOf = {
  InventoryReserved: cloudEventText('InventoryReserved', source),
  InventoryFailed: cloudEventText('InventoryFailed', source),
  InventoryReleased: cloudEventText('InventoryReleased', source),
};

export class DecisionWriter {
  readonly #records: RecordBatch;
  readonly #out: BatchWriter;
  readonly #topic: number;
  readonly #traceparent: string | undefined;
  /** Whether one text will do: no order of the batch holds anything but ASCII, not even as an escape of JSON, nor carries on with a trace of its own. */
  readonly #isPlain: boolean;

  /**
   * @param records the orders
   * @param out gets the decisions
   * @param topic the number of their topic
   * @param traceparent of their send, where that is traced; else a decision carries on with its order's
   */
  constructor(records: RecordBatch, out: BatchWriter, topic: number, traceparent?: string) {
    this.#records = records;
    this.#out = out;
    this.#topic = topic;
    this.#traceparent = traceparent;
    this.#isPlain = records.ascii && !records.mentions('\\u') && (traceparent !== undefined || !records.mentions(traceparentHeader));
  }

  /**
   * Its key is the order's, and so is its partition: all decisions on the orders of partition p are in output partition p.
   * @param i the order's place in the batch
   */
  write(i: number, event: InventoryEvent): void {
    if (!this.#isPlain) this.#writeAny(i, event);
    else {
      const headers = headersOf[event.eventType](event.eventId, event.createdAt, this.#traceparent);
      this.#out.writeAscii(this.#topic, this.#records.partition(i), event.orderId, JSON.stringify(event), headers);
    }
  }

  #writeAny(i: number, event: InventoryEvent): void {
    const ofOrder = () => this.#records.headers(i).find(([name]) => name === traceparentHeader)?.[1] ?? undefined;
    const traceparent = this.#traceparent ?? ofOrder();
    this.#out.write({
      topic: this.#topic,
      partition: this.#records.partition(i),
      key: this.#records.key(i),
      value: encodeInventoryEvent(event),
      headers: cloudEventPairs(event, source, traceparent),
    });
  }
}

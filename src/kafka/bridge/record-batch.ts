/** A batch of records as one block of memory: numbers in typed arrays, keys, values and headers as views of the same bytes. */
import { isAscii } from 'node:buffer';
import type { Message } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import type { PartitionOffset } from '../partition.ts';
import { clientHeader } from '../record/headers.ts';
import { field, fieldsPerRecord, type Header, time, timesPerRecord } from './layout.ts';
import type { Mark, RawBatch, Rebalance } from './load.ts';

/**
 * Views stay good as long as they are held, and hold the whole block: what is kept for long should be copied. No record is an object of its
 * own; `i` counts from 0 to `count` - 1, in the order of each partition.
 */
export class RecordBatch {
  readonly count: number;
  /** Keys, values and headers of all records. */
  readonly bytes: Buffer;
  /** `fieldsPerRecord` numbers for each record, see `field`. */
  readonly fields: Int32Array;
  /** `timesPerRecord` numbers for each record, see `time`. */
  readonly times: Float64Array;
  /** By the number in `field.topic`. */
  readonly topics: readonly string[];
  /** Partitions whose end was reached within this batch, with the offset behind it: past control records. */
  readonly ends: readonly PartitionOffset[];
  /** What could not be read: a batch that is broken or of an unknown codec, an offset out of range. Without a topic: the client as a whole. */
  readonly errors: readonly Mark[];
  /** The client waits until each is answered, see `BridgeConsumer.answer`; the records of this batch came before. */
  readonly rebalances: readonly Rebalance[];
  readonly #buffer: ArrayBuffer;
  #ascii: boolean | undefined;

  constructor({ count, buffer, topics, ends, errors, rebalances }: RawBatch) {
    const fieldsAt = count * timesPerRecord * Float64Array.BYTES_PER_ELEMENT;
    const bytesAt = fieldsAt + count * fieldsPerRecord * Int32Array.BYTES_PER_ELEMENT;
    this.count = count;
    this.#buffer = buffer;
    this.times = new Float64Array(buffer, 0, count * timesPerRecord);
    this.fields = new Int32Array(buffer, fieldsAt, count * fieldsPerRecord);
    this.bytes = Buffer.from(buffer, bytesAt);
    this.topics = topics;
    this.ends = ends;
    this.errors = errors;
    this.rebalances = rebalances;
  }

  /** Whether all keys, values and headers are ASCII: then `latin1Slice` of `bytes` gives their text, several times faster than UTF-8. */
  get ascii(): boolean {
    this.#ascii ??= isAscii(this.bytes);
    return this.#ascii;
  }

  /**
   * Gives the memory back now, not when the garbage collector comes by: it hardly does where little else is made, and then holds several
   * batches. All views of it are empty from then on.
   */
  release(): void {
    this.#buffer.transfer(0);
  }

  /** @returns the next offset of each partition that the batch is about: behind its last record, or behind its end where that was seen */
  nextOffsets(): PartitionOffset[] {
    const found = new Map<string, PartitionOffset>();
    const note = (topic: string, partition: number, offset: number): void => {
      const key = `${topic}/${partition}`;
      const known = found.get(key);
      if (known) known.offset = Math.max(known.offset, offset);
      else found.set(key, { topic, partition, offset });
    };
    for (let i = 0; i < this.count; i += 1) {
      const isLast = i === this.count - 1 || this.partition(i + 1) !== this.partition(i) || this.topic(i + 1) !== this.topic(i);
      if (isLast) note(this.topic(i), this.partition(i), this.offset(i) + 1);
    }
    // Past control records: they take offsets too (KIP-98).
    for (const { topic, partition, offset } of this.ends) note(topic, partition, offset);
    return [...found.values()];
  }

  /** @returns whether the text stands anywhere in keys, values or headers: one look at all of them, before each is looked at */
  mentions(text: string): boolean {
    return this.bytes.includes(text);
  }

  /** @returns a record in the client's form, with its own memory: for what is rare, and outlives the batch */
  copyOf(i: number): Message {
    const copied = (bytes: Buffer | null): Buffer | null => bytes && Buffer.from(bytes);
    const timestamp = this.timestamp(i);
    return {
      topic: this.topic(i),
      partition: this.partition(i),
      offset: this.offset(i),
      key: copied(this.key(i)),
      value: copied(this.value(i)),
      size: this.size(i),
      headers: this.headers(i).map(([name, value]) => clientHeader([name, copied(value)])),
      ...(timestamp >= 0 && { timestamp }),
    };
  }

  /** @returns all records, each as by `copyOf` */
  copies(): Message[] {
    return Array.from({ length: this.count }, (_, i) => this.copyOf(i));
  }

  topic(i: number): string {
    return this.topics[this.#field(i, field.topic)] as string;
  }

  partition(i: number): number {
    return this.#field(i, field.partition);
  }

  offset(i: number): number {
    return this.times[i * timesPerRecord + time.offset] as number;
  }

  /** Epoch milliseconds; -1 where the record has none. */
  timestamp(i: number): number {
    return this.times[i * timesPerRecord + time.timestamp] as number;
  }

  /** A view, not a copy. */
  key(i: number): Buffer | null {
    return this.#slice(this.#field(i, field.keyStart), this.#field(i, field.keyLength));
  }

  /** A view, not a copy. */
  value(i: number): Buffer | null {
    return this.#slice(this.#field(i, field.valueStart), this.#field(i, field.valueLength));
  }

  /** Bytes of key and value. */
  size(i: number): number {
    return Math.max(0, this.#field(i, field.keyLength)) + Math.max(0, this.#field(i, field.valueLength));
  }

  /** In their order, repeated names too. Empty where the record has none, and where the consumer was opened without headers. */
  headers(i: number): Header[] {
    let at = this.#field(i, field.headersStart);
    if (at === -1) return [];
    const headers: Header[] = [];
    const count = this.bytes.readInt32LE(at);
    at += 4;
    for (let n = 0; n < count; n++) {
      const nameLength = this.bytes.readInt32LE(at);
      const name = this.bytes.toString('utf8', at + 4, at + 4 + nameLength);
      at += 4 + nameLength;
      const valueLength = this.bytes.readInt32LE(at);
      headers.push([name, this.#slice(at + 4, valueLength)]);
      at += 4 + Math.max(0, valueLength);
    }
    return headers;
  }

  #field(i: number, which: number): number {
    return this.fields[i * fieldsPerRecord + which] as number;
  }

  #slice(start: number, length: number): Buffer | null {
    return length === -1 ? null : this.bytes.subarray(start, start + length);
  }
}

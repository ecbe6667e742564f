/** Gathers records that are to be sent, in the layout that crosses the bridge in one piece. */
import { field, fieldsPerRecord, timesPerRecord } from './layout.ts';

const firstBytes = 64 * 1024;
const firstRecords = 256;

/** A record to be sent. */
export type OutgoingRecord = {
  /** From `BridgeProducer.topic`. */
  topic: number;
  /** null: by the key (murmur2, as Java's clients). */
  partition: number | null;
  key: Buffer | string | null;
  value: Buffer | string | null;
  headers?: readonly (readonly [name: string, value: Buffer | string | null])[] | undefined;
  /** Epoch milliseconds; left out or 0: now. */
  timestamp?: number | undefined;
};

/**
 * Its memory is used again after `clear`, which may follow at once when a batch was handed to a producer: that one has copied it.
 */
export class BatchWriter {
  bytes: Buffer = Buffer.allocUnsafeSlow(firstBytes);
  fields: Int32Array = new Int32Array(firstRecords * fieldsPerRecord);
  times: Float64Array = new Float64Array(firstRecords * timesPerRecord);
  /** How many records there are. */
  count = 0;
  /** How many of `bytes` are in use. */
  length = 0;

  /** Forgets all records. */
  clear(): void {
    this.count = 0;
    this.length = 0;
  }

  /** @returns where the batch is now, for `backTo` */
  mark(): Readonly<{ count: number; length: number }> {
    return { count: this.count, length: this.length };
  }

  /** Forgets the records that were added since. */
  backTo({ count, length }: Readonly<{ count: number; length: number }>): void {
    this.count = count;
    this.length = length;
  }

  /** Makes room for so many more bytes. @returns where they begin */
  #reserve(size: number): number {
    if (this.length + size > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.length + size));
      this.bytes.copy(grown, 0, 0, this.length);
      this.bytes = grown;
    }
    return this.length;
  }

  /**
   * Adds a record whose bytes are in place, before `length`.
   * @param keyLength -1 for null, as `valueLength`; `headersStart` -1 for none
   */
  #add(
    topic: number,
    partition: number,
    keyStart: number,
    keyLength: number,
    valueStart: number,
    valueLength: number,
    headersStart: number,
    timestamp: number,
  ): void {
    const at = this.count * fieldsPerRecord;
    if (at === this.fields.length) this.#moreRecords();
    const { fields } = this;
    fields[at + field.topic] = topic;
    fields[at + field.partition] = partition;
    fields[at + field.keyStart] = keyStart;
    fields[at + field.keyLength] = keyLength;
    fields[at + field.valueStart] = valueStart;
    fields[at + field.valueLength] = valueLength;
    fields[at + field.headersStart] = headersStart;
    this.times[this.count * timesPerRecord + 1] = timestamp;
    this.count += 1;
  }

  /**
   * Adds a record of ASCII alone, several times as fast as `write`.
   * @param headers as one text, see `cloudEventText`
   */
  writeAscii(topic: number, partition: number | null, key: string, value: string, headers: string): void {
    const text = key + value + headers;
    const start = this.#reserve(text.length);
    this.bytes.write(text, start, text.length, 'latin1');
    this.length += text.length;
    const valueStart = start + key.length;
    this.#add(topic, partition ?? -1, start, key.length, valueStart, value.length, valueStart + value.length, 0);
  }

  /** Adds any record. */
  write({ topic, partition, key, value, headers, timestamp = 0 }: OutgoingRecord): void {
    const keyStart = this.length;
    const keyLength = this.#append(key);
    const valueStart = this.length;
    const valueLength = this.#append(value);
    const headersStart = headers && headers.length > 0 ? this.#appendHeaders(headers) : -1;
    this.#add(topic, partition ?? -1, keyStart, keyLength, valueStart, valueLength, headersStart, timestamp);
  }

  #appendHeaders(headers: readonly (readonly [string, Buffer | string | null])[]): number {
    const start = this.length;
    this.#number(headers.length);
    for (const [name, value] of headers) {
      for (const part of [name, value]) {
        const lengthAt = this.length;
        this.#number(0);
        const length = this.#append(part);
        this.bytes.writeInt32LE(length, lengthAt);
      }
    }
    return start;
  }

  #number(value: number): void {
    // First the room: `reserve` may replace `bytes`.
    const at = this.#reserve(4);
    this.bytes.writeInt32LE(value, at);
    this.length += 4;
  }

  /** @returns how many bytes it took, -1 for null */
  #append(part: Buffer | string | null): number {
    if (part === null) return -1;
    const size = typeof part === 'string' ? Buffer.byteLength(part) : part.length;
    const at = this.#reserve(size);
    if (typeof part === 'string') this.bytes.write(part, at, 'utf8');
    else part.copy(this.bytes, at);
    this.length += size;
    return size;
  }

  #moreRecords(): void {
    const fields = new Int32Array(this.fields.length * 2);
    fields.set(this.fields);
    this.fields = fields;
    const times = new Float64Array(this.times.length * 2);
    times.set(this.times);
    this.times = times;
  }
}

/** Records as users of the library see them: plain objects that may be kept. Types alone, so that whoever installs the package needs no others. */

/** A record that was read. Its bytes are its own. */
export type ReceivedRecord = {
  topic: string;
  partition: number;
  offset: number;
  /** Epoch milliseconds; undefined where the record has none. */
  timestamp: number | undefined;
  key: Buffer | null;
  value: Buffer | null;
  headers: readonly (readonly [name: string, value: Buffer | null])[];
};

/** A record to be written. */
export type RecordToSend = {
  /** One of the topics that were named; the first where nothing is said. */
  topic?: string;
  /** Says the partition, by murmur2 as in Java's client; without a key any will do. */
  key?: string | Buffer | null;
  /** Null is a tombstone. */
  value: string | Buffer | null;
  headers?: readonly (readonly [name: string, value: string | Buffer | null])[];
  /** Instead of the one that the key says. */
  partition?: number;
  /** Epoch milliseconds; now where nothing is said. */
  timestamp?: number;
};

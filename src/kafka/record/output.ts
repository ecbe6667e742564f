/** A record that is to be written. */
import type { MessageHeader } from '@confluentinc/kafka-javascript/types/rdkafka.js';

export type Output = {
  topic: string;
  partition: number | null;
  key: Buffer | null;
  value: Buffer | null;
  headers?: MessageHeader[];
  /** Epoch milliseconds; left out: now. */
  timestamp?: number | undefined;
};

/** Writes records the plain way, with a producer that shares nothing with the code under test. */
import kafka from '@confluentinc/kafka-javascript';
import { brokers, closeProducer } from './kafka.ts';

export type PlainRecord = {
  key: string | Buffer | null;
  value: string | Buffer | null;
  partition?: number;
  headers?: Record<string, string>;
  timestamp?: number;
};

/** Kafka's codecs, and none. */
export const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

/** Returns when the broker has all records. */
export async function produceAll(topic: string, records: PlainRecord[], codec: (typeof codecs)[number] = 'lz4'): Promise<void> {
  const producer = new kafka.Producer({
    'bootstrap.servers': brokers(),
    partitioner: 'murmur2_random',
    'linger.ms': 1,
    'message.max.bytes': 200_000_000,
    'compression.type': codec,
    dr_cb: true,
    log_level: 0,
  } as never);
  await new Promise<void>((resolve, reject) => producer.connect({}, (error) => (error ? reject(error) : resolve())));
  await new Promise<void>((resolve, reject) => {
    let missing = records.length;
    producer.on('delivery-report', (error) => {
      missing -= 1;
      if (error) reject(error);
      else if (missing === 0) resolve();
    });
    producer.setPollInterval(5);
    for (const { key, value, partition, headers, timestamp } of records) {
      const bytes = typeof value === 'string' ? Buffer.from(value) : value;
      const list = headers && Object.entries(headers).map(([name, text]) => ({ [name]: text }));
      producer.produce(topic, partition ?? null, bytes, key, timestamp, undefined, list);
    }
  });
  await closeProducer(producer);
}

/** @returns an order as a caller would write it; fields can be replaced */
export const orderRecord = (orderId: string, changes: Record<string, unknown> = {}): PlainRecord => ({
  key: orderId,
  value: JSON.stringify({
    eventId: `event-${orderId}`,
    eventType: 'OrderPlaced',
    orderId,
    userId: 'user-1',
    items: [{ sku: 'burger', qty: 1, price: 5 }],
    totalAmount: 5,
    status: 'placed',
    createdAt: '2026-01-05T10:20:30.123Z',
    ...changes,
  }),
});

/** @returns orders with ids `<prefix>-0` and so on */
export const orderRecords = (prefix: string, count: number, changes: Record<string, unknown> = {}): PlainRecord[] =>
  Array.from({ length: count }, (_, index) => orderRecord(`${prefix}-${index}`, changes));

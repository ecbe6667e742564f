/** Clients of the bridge for its tests. */
import { BatchWriter } from '../../src/kafka/bridge/batch-writer.ts';
import { BridgeConsumer } from '../../src/kafka/bridge/bridge-consumer.ts';
import { BridgeProducer } from '../../src/kafka/bridge/bridge-producer.ts';
import type { BridgeConfig } from '../../src/kafka/bridge/load.ts';
import { RecordBatch } from '../../src/kafka/bridge/record-batch.ts';
import { brokers, uniqueName } from './kafka.ts';

export const bridgeConfig = (more: BridgeConfig = {}): BridgeConfig => ({ 'bootstrap.servers': brokers(), log_level: 0, ...more });

export const readerConfig = (more: BridgeConfig = {}): BridgeConfig =>
  bridgeConfig({
    'group.id': uniqueName('bridge'),
    'enable.auto.commit': false,
    'enable.partition.eof': true,
    'isolation.level': 'read_committed',
    'auto.offset.reset': 'earliest',
    'fetch.wait.max.ms': 10,
    ...more,
  });

export const limits = { maxRecords: 1000, maxBytes: 8 * 1024 * 1024, withinMs: 200, untilEnd: true };

/** @returns a producer that has begun its life, and whoever had the id before is fenced */
export async function transactional(id = uniqueName('tx'), more: BridgeConfig = {}): Promise<BridgeProducer> {
  const producer = new BridgeProducer(bridgeConfig({ 'transactional.id': id, 'transaction.timeout.ms': 10_000, ...more }));
  await producer.initTransactions(20_000);
  return producer;
}

/** Returns when the consumer has been given its partitions. */
export async function joinGroup(consumer: BridgeConsumer, topic: string): Promise<void> {
  await consumer.subscribe([topic]);
  for (let owned = false; !owned; ) {
    for (const step of (await consumer.consume(limits)).rebalances) {
      await consumer.answer(step);
      owned = true;
    }
  }
}

/** @returns a writer with records of this many keys and values of text */
export function textRecords(
  producer: BridgeProducer,
  topic: string,
  prefix: string,
  count: number,
  partition: number | null = null,
): BatchWriter {
  const writer = new BatchWriter();
  const number = producer.topic(topic);
  for (let i = 0; i < count; i++) writer.write({ topic: number, partition, key: `${prefix}-${i}`, value: `value of ${prefix}-${i}` });
  return writer;
}

/** Reads all partitions of a topic to their ends, batch by batch. */
export async function readAllBatches(topic: string, partitions: number, onBatch: (batch: RecordBatch) => void, more: BridgeConfig = {}) {
  await using consumer = new BridgeConsumer(readerConfig(more));
  await consumer.assign(Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: 0 })));
  const open = new Set(Array.from({ length: partitions }, (_, partition) => partition));
  const end = Date.now() + 60_000;
  while (open.size > 0) {
    if (Date.now() > end) throw new Error(`could not read ${topic} to its end`);
    const batch = await consumer.consume(limits);
    onBatch(batch);
    if (batch.errors[0]) throw new Error(batch.errors[0].text);
    for (const { partition } of batch.ends) open.delete(partition);
  }
}

/** @returns the keys of a topic as text, in the order of each partition */
export async function readKeys(topic: string, partitions: number, more: BridgeConfig = {}): Promise<string[]> {
  const keys: string[] = [];
  await readAllBatches(
    topic,
    partitions,
    (batch) => {
      for (let i = 0; i < batch.count; i++) keys.push(String(batch.key(i)));
    },
    more,
  );
  return keys;
}

/**
 * @param topics the names behind the writer's numbers
 * @returns the block that the addon would make of what was written: the same numbers and bytes, one behind the other
 */
export function received({ count, fields, times, bytes, length }: BatchWriter, topics: string[]): RecordBatch {
  const parts = [times.subarray(0, count * 2), fields.subarray(0, count * 7), bytes.subarray(0, length)];
  const block = Buffer.concat(parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)));
  const buffer = block.buffer.slice(block.byteOffset, block.byteOffset + block.length) as ArrayBuffer;
  return new RecordBatch({ count, buffer, topics, ends: [], errors: [], rebalances: [] });
}

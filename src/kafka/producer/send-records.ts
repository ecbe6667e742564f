/** Sends records as they are and tells of each whether the broker has it. */

import { errorOfCode } from '../admin/with-deadline.ts';
import { BatchWriter } from '../bridge/batch-writer.ts';
import type { BridgeProducer } from '../bridge/bridge-producer.ts';
import { reachProducer } from '../bridge/reach.ts';
import type { ClientConfig } from '../client/connect.ts';
import { headerPairs } from '../record/headers.ts';
import type { Output } from '../record/output.ts';

const deliveryTimeoutMs = 15_000;
const chunkRecords = 1000;

/** What a producer needs that records are sent through: acknowledged by all replicas, in order. */
export const sendingConfig = {
  acks: 'all',
  'enable.idempotence': true,
  partitioner: 'murmur2_random',
  'linger.ms': 5,
  'message.timeout.ms': deliveryTimeoutMs,
  // A dead letter may be as large as what was read; the broker says what it does not take.
  'message.max.bytes': 64 * 1024 * 1024,
};

type OnStored = (index: number, place: { partition: number; offset: number }) => void;

/**
 * @param config librdkafka's configuration, see `clientConfig`
 * @param records what to send, in their order within a partition
 * @param onStored called with the place of each record that the broker has
 * @returns per record undefined, or why the broker does not have it
 * @throws ReplaygroundError `kafka-unreachable`, `kafka-deadline`
 */
export async function sendRecords(config: ClientConfig, records: readonly Output[], onStored?: OnStored): Promise<(Error | undefined)[]> {
  await using producer = await reachProducer({ ...config, ...sendingConfig });
  // Awaited here: the producer is closed when this function returns.
  return await sendThrough(producer, records, onStored);
}

/**
 * @param producer opened with `sendingConfig`
 * @param records what to send, in their order within a partition
 * @param onStored called with the place of each record that the broker has
 * @returns per record undefined, or why the broker does not have it
 * @throws ReplaygroundError `kafka-deadline`
 */
export async function sendThrough(
  producer: BridgeProducer,
  records: readonly Output[],
  onStored: OnStored = () => {},
): Promise<(Error | undefined)[]> {
  const outcomes = records.map((): Error | undefined => undefined);
  const batch = new BatchWriter();
  for (let start = 0; start < records.length; start += chunkRecords) {
    batch.clear();
    for (const { topic, headers, ...record } of records.slice(start, start + chunkRecords)) {
      batch.write({ ...record, topic: producer.topic(topic), headers: headerPairs(headers) });
    }
    const { refused, partitions, offsets } = await producer.produce(batch, deliveryTimeoutMs, deliveryTimeoutMs);
    for (const one of refused) outcomes[start + one.index] = errorOfCode('send the record', one);
    for (const [index, partition] of partitions.entries()) {
      if (outcomes[start + index] === undefined) onStored(start + index, { partition, offset: offsets[index] as number });
    }
  }
  return outcomes;
}

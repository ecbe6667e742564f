/** Sends records as they are and tells of each whether the broker has it. */
import type { Producer } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { maxDeadLetterBytes } from '../events/topics.ts';
import { ask, kafkaError } from './ask.ts';
import { type ClientConfig, connectProducer } from './connect.ts';
import type { Output } from './exactly-once.ts';

const deliveryTimeoutMs = 15_000;
const marginMs = 5000;
const chunkRecords = 1000;

/** What a producer needs that records are sent through: acknowledged by all replicas, in order, reported one by one. */
export const sendingConfig = {
  acks: 'all',
  'enable.idempotence': true,
  partitioner: 'murmur2_random',
  'linger.ms': 5,
  'message.timeout.ms': deliveryTimeoutMs,
  'message.max.bytes': maxDeadLetterBytes,
  dr_cb: true,
};

/**
 * @param config librdkafka's configuration, see `clientConfig`
 * @param records what to send, in their order within a partition
 * @returns per record undefined, or why the broker does not have it
 * @throws ReplaygroundError `kafka-unreachable`, `kafka-deadline`
 */
export async function sendRecords(config: ClientConfig, records: readonly Output[]): Promise<(Error | undefined)[]> {
  await using connected = await connectProducer({ ...config, ...sendingConfig });
  // Awaited here: the producer is closed when this function returns.
  return await sendThrough(connected.client, records);
}

/**
 * @param client connected with `sendingConfig`; nothing else is sent through it meanwhile
 * @param records what to send, in their order within a partition
 * @returns per record undefined, or why the broker does not have it
 * @throws ReplaygroundError `kafka-deadline`
 */
export async function sendThrough(client: Producer, records: readonly Output[]): Promise<(Error | undefined)[]> {
  client.setPollInterval(10);
  const outcomes: (Error | undefined)[] = [];
  for (let start = 0; start < records.length; start += chunkRecords) {
    const chunk = records.slice(start, start + chunkRecords);
    let missing = chunk.length;
    let done = () => {};
    const report = (index: number, error: Error | undefined): void => {
      outcomes[start + index] = error;
      missing -= 1;
      if (missing === 0) done();
    };
    const onReport = (error: Parameters<typeof kafkaError>[1] | null | undefined, { opaque }: { opaque?: number }): void =>
      report(opaque ?? 0, error ? kafkaError('send the record', error) : undefined);
    client.on('delivery-report', onReport);
    await ask('send the records', deliveryTimeoutMs + marginMs, (callback) => {
      done = () => callback(undefined);
      chunk.forEach(({ topic, partition, key, value, headers, timestamp }, index) => {
        try {
          client.produce(topic, partition, value, key, timestamp, index, headers);
        } catch (error) {
          // Too big for the client, for one: the others go on.
          report(index, error as Error);
        }
      });
    }).finally(() => client.off('delivery-report', onReport));
  }
  return outcomes;
}

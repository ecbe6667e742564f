/** How orders are written: nothing that was answered is lost, nothing is written twice by a retry, every client agrees on the partition. */

import { type ConnectionSettings, clientConfig } from '../../kafka/client/client-config.ts';
import type { ClientConfig } from '../../kafka/client/connect.ts';
import { maxRecordBytes } from '../events/topics.ts';

/**
 * @param settings where Kafka is
 * @param clientId shown by Kafka's tools
 * @param deliveryTimeoutMs after this the order counts as not delivered and its delivery report says so
 * @param lingerMs how long a record waits for company in its batch (ms)
 * @returns configuration of an idempotent producer with bounded memory (names: librdkafka CONFIGURATION.md)
 */
export function orderProducerConfig(
  settings: ConnectionSettings,
  clientId: string,
  deliveryTimeoutMs: number,
  lingerMs: number = 5,
): ClientConfig {
  return {
    ...clientConfig(settings, clientId),
    acks: 'all',
    'enable.idempotence': true,
    // As Java's default partitioner: a key lands in the same partition whoever writes it.
    partitioner: 'murmur2_random',
    'compression.type': 'lz4',
    'linger.ms': lingerMs,
    'message.timeout.ms': deliveryTimeoutMs,
    'message.max.bytes': maxRecordBytes,
    'queue.buffering.max.messages': 200_000,
    'queue.buffering.max.kbytes': 131_072,
  };
}

/** Asks Kafka itself whether orders can be written now. */
import type { BridgeProducer } from '../../kafka/bridge/bridge-producer.ts';

const timeoutMs = 2000;

/**
 * @param producer opened
 * @param topic where the orders go
 * @returns `up`, or `topic-missing` when Kafka answers but has no such topic
 * @throws ReplaygroundError `kafka-error` or `kafka-deadline` when Kafka does not answer
 */
export async function topicState(producer: BridgeProducer, topic: string): Promise<'up' | 'topic-missing'> {
  return (await partitionsOf(producer, topic)) > 0 ? 'up' : 'topic-missing';
}

/**
 * @returns how many partitions the topic has, 0 where there is none
 * @throws ReplaygroundError `kafka-error` or `kafka-deadline` when Kafka does not answer
 */
export async function partitionsOf(producer: BridgeProducer, topic: string): Promise<number> {
  return (await producer.metadata(topic, timeoutMs)).partitions;
}

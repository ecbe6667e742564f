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
  const { partitions } = await producer.metadata(topic, timeoutMs);
  return partitions > 0 ? 'up' : 'topic-missing';
}

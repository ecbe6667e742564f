/** Asks Kafka itself whether orders can be written now. */
import type { Metadata, Producer } from '@confluentinc/kafka-javascript/types/rdkafka.js';
import { ask } from '../kafka/ask.ts';

const timeoutMs = 2000;
const deadlineMs = 5000;

/**
 * @param client a connected producer
 * @param topic where the orders go
 * @returns `up`, or `topic-missing` when Kafka answers but has no such topic
 * @throws ReplaygroundError `kafka-error` or `kafka-deadline` when Kafka does not answer
 */
export async function topicState(client: Producer, topic: string): Promise<'up' | 'topic-missing'> {
  const metadata = await ask<Metadata>(`look up topic ${topic}`, deadlineMs, (callback) =>
    client.getMetadata({ topic, timeout: timeoutMs }, callback),
  );
  const found = metadata.topics.find(({ name }) => name === topic);
  return found && found.partitions.length > 0 ? 'up' : 'topic-missing';
}

/** How topics are configured, asked over the bridge: the client for Node has no call for it, Kafka's own tool takes seconds. */
import type { BridgeProducer } from '../bridge/bridge-producer.ts';
import type { RawTopicConfigs } from '../bridge/load.ts';

/** Where the value comes from: set for the topic, set for the brokers, or Kafka's own default. */
export type TopicConfig = { name: string; value: string; from: 'topic' | 'broker' | 'default' };

/** What a topic is configured by, those that were set for it first; or why that is not told. */
export type TopicConfigAnswer = { topic: string; configs: TopicConfig[]; error: string | undefined };

const timeoutMs = 5000;
const order = { topic: 0, broker: 1, default: 2 } as const;

/**
 * May crash the process while a broker goes away, as any call of an admin client: see `KafkaInspector`.
 * @param client any client of the bridge
 * @param topics those that exist or not
 * @returns one answer per topic
 * @throws ReplaygroundError `kafka-error`, `kafka-deadline` where nothing could be asked at all
 */
export async function readTopicConfigs(client: BridgeProducer, topics: readonly string[]): Promise<TopicConfigAnswer[]> {
  if (topics.length === 0) return [];
  return (await client.topicConfigs([...new Set(topics)], timeoutMs)).map(answerOf);
}

function answerOf({ topic, text, configs }: RawTopicConfigs): TopicConfigAnswer {
  const found = configs.map(({ name, value, source }) => ({ name, value: value ?? '', from: fromOf(source) }));
  return {
    topic,
    configs: found.sort((a, b) => order[a.from] - order[b.from] || (a.name < b.name ? -1 : 1)),
    error: text,
  };
}

const fromOf = (source: string): TopicConfig['from'] =>
  source === 'DYNAMIC_TOPIC_CONFIG' ? 'topic' : source.includes('BROKER') ? 'broker' : 'default';

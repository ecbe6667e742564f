/** Reads what `kafka-configs --describe --all --entity-type topics` prints: the client has no call for it. */
import type { TopicConfig } from '../api-types.ts';

const heading = /^All configs for topic (\S+) are:$/;
/** The value may hold anything, commas and blanks too; what it comes from is the first of its synonyms. */
const setting = /^ {2}(\S+?)=(.*) sensitive=(?:true|false) synonyms=\{(?:([A-Z_]+):.*)?\}$/;
const order = { topic: 0, broker: 1, default: 2 } as const;

/**
 * @param text as printed
 * @returns the settings by topic, those that were set for it first
 */
export function parseTopicConfigs(text: string): Record<string, TopicConfig[]> {
  const topics: Record<string, TopicConfig[]> = {};
  let current: TopicConfig[] = [];
  for (const line of text.split('\n')) {
    const [, topic] = heading.exec(line) ?? [];
    if (topic !== undefined) topics[topic] = current = [];
    const [, name, value = '', source] = setting.exec(line) ?? [];
    if (name !== undefined) current.push({ name, value, from: fromOf(source) });
  }
  for (const configs of Object.values(topics)) configs.sort((a, b) => order[a.from] - order[b.from] || (a.name < b.name ? -1 : 1));
  return topics;
}

const fromOf = (source: string | undefined): TopicConfig['from'] =>
  source === 'DYNAMIC_TOPIC_CONFIG' ? 'topic' : source?.includes('BROKER') ? 'broker' : 'default';

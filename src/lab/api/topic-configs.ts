/** The configuration of all topics, asked by Kafka's own tool in a process of its own, and kept for a while. */
import { runKafkaTool } from '../../broker/tools.ts';
import { ReplaygroundError } from '../../errors.ts';
import type { Settings } from '../../settings/declarations.ts';
import type { TopicConfigs } from '../api-types.ts';
import { parseTopicConfigs } from './parse-topic-configs.ts';

type Known = Omit<TopicConfigs, 'command'>;

/** Nobody changes a topic's configuration every minute, and the tool is a Java that has to start (ms). */
const keptMs = 60_000;
const describeConfigs = ['--describe', '--all', '--entity-type', 'topics'];

/**
 * @param settings where Kafka is
 * @returns a function that tells what is known, or asks; who asks at the same time gets the same answer. It throws `kafka-error`.
 */
export function topicConfigsOf(settings: () => Settings): () => Promise<Known> {
  let known: Promise<Known> | undefined;
  let askedMs = 0;
  return () => {
    if (known && Date.now() - askedMs < keptMs) return known;
    askedMs = Date.now();
    const asking = ask(settings());
    known = asking;
    // What failed is asked again the next time.
    asking.catch(() => {
      if (known === asking) known = undefined;
    });
    return asking;
  };
}

async function ask({ kafkaBrokers = '', labCache }: Settings): Promise<Known> {
  const cache = labCache === undefined ? {} : { cacheDir: labCache };
  const { exitCode, stdout, stderr } = await runKafkaTool('configs', describeConfigs, { brokers: kafkaBrokers, ...cache });
  if (exitCode !== 0) {
    const why = `${stderr}\n${stdout}`.split('\n').find((line) => line.trim() !== '');
    throw new ReplaygroundError('kafka-error', `Kafka's own tool does not tell the configuration: ${why ?? `exit code ${exitCode}`}`);
  }
  return { at: new Date().toISOString(), topics: parseTopicConfigs(stdout) };
}
